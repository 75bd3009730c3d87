import { refusalText } from './refusal.ts';

/** Gets a token of keystone. */
export type LogIn = () => Promise<string>;

/** Nobody listens at the address, or what does breaks off. */
export class NothingAnswers extends Error {
  override readonly name = 'NothingAnswers';
}

/** Talks to a running Vigil on behalf of a person at a terminal. */
export class ApiClient {
  readonly #base: URL;
  readonly #logIn: LogIn;
  #headers: Readonly<Record<string, string>>;

  /** `url` of the service; `headers` say who asks; `logIn` is used when it wants a token of keystone. */
  constructor(url: string, headers: Readonly<Record<string, string>>, logIn: LogIn) {
    this.#base = new URL(url);
    this.#headers = headers;
    this.#logIn = logIn;
  }

  /** Fetches a path as JSON. Throws an Error with the service's own words when it refuses. */
  get<T>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.send<T>('GET', path, undefined, headers);
  }

  /** Sends a request, with a body as JSON, and reads the answer as JSON (undefined when it is empty). Throws as `get` does. */
  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await this.#fetch(path, {
      method,
      headers: { accept: 'application/json', ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    try {
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch {
      throw new Error(`what answers at ${this.#base.origin} is no Vigil: ${path} is no JSON`);
    }
  }

  /** Follows a stream of server-sent events from a path until it ends. */
  async *events(path: string): AsyncIterable<ServerEvent> {
    const response = await this.#fetch(path, { headers: { accept: 'text/event-stream' } });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event !== null) yield event;
      }
    }
  }

  async #fetch(path: string, init: Sent): Promise<Response> {
    const url = new URL(path, this.#base);
    let response = await this.#ask(url, init);
    const wanted = response.headers.get('www-authenticate') ?? '';
    if (response.status === 401 && /^keystone /i.test(wanted) && this.#headers['x-auth-token'] === undefined) {
      this.#headers = { ...this.#headers, 'x-auth-token': await this.#logIn() };
      response = await this.#ask(url, init);
    }
    if (response.ok) return response;
    throw new Error(refusalText(await response.text()) ?? `${url.pathname}: HTTP ${response.status}`);
  }

  async #ask(url: URL, init: Sent): Promise<Response> {
    try {
      return await fetch(url, { ...init, headers: { ...this.#headers, ...init.headers } });
    } catch (error) {
      const cause = (error as Error).cause as Error | undefined;
      throw new NothingAnswers(
        `nothing answers at ${this.#base.origin} (${cause?.message ?? (error as Error).message}): is it running there? Name another address with --url`,
      );
    }
  }
}

type Sent = RequestInit & { readonly headers: Readonly<Record<string, string>> };

export interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

function parseEvent(block: string): ServerEvent | null {
  let name = 'message';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice('event: '.length);
    if (line.startsWith('data: ')) data += line.slice('data: '.length);
  }
  return data === '' ? null : { name, data: JSON.parse(data) };
}
