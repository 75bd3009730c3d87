/** Talks to a running Vigil on behalf of a person at a terminal. */
export class ApiClient {
  readonly #base: URL;
  readonly #headers: Record<string, string>;

  /** `url` of the service; `token` when it asks for one. */
  constructor(url: string, token: string | undefined) {
    this.#base = new URL(url);
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Fetches a path as JSON. Throws an Error with the service's own words when it refuses. */
  async get<T>(path: string): Promise<T> {
    const response = await this.#fetch(path, 'application/json');
    return (await response.json()) as T;
  }

  /** Follows a stream of server-sent events from a path until it ends. */
  async *events(path: string): AsyncIterable<ServerEvent> {
    const response = await this.#fetch(path, 'text/event-stream');
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

  async #fetch(path: string, accept: string): Promise<Response> {
    const url = new URL(path, this.#base);
    let response: Response;
    try {
      response = await fetch(url, { headers: { ...this.#headers, accept } });
    } catch (error) {
      const cause = (error as Error).cause as Error | undefined;
      throw new Error(
        `no Vigil answers at ${this.#base.origin} (${cause?.message ?? (error as Error).message}): is it running? Name another with --url`,
      );
    }
    if (response.ok) return response;
    const body = (await response.json().catch(() => null)) as {
      error?: { message: string; what_to_do: string };
    } | null;
    const told = body?.error;
    throw new Error(
      told === undefined ? `${url.pathname}: HTTP ${response.status}` : `${told.message} ${told.what_to_do}`,
    );
  }
}

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
