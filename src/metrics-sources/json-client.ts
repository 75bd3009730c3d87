import { Agent } from 'undici';
import { describeFailure } from '../openstack/connection-failure.ts';
import { Deadline } from '../openstack/deadline.ts';
import type { TlsMaterial } from '../openstack/http.ts';

export interface JsonClientOptions {
  /** `http://prometheus:9090`, perhaps with a path; no credentials. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From sending to the end of the answer. */
  readonly timeoutSeconds: number;
  /** Answers beyond this are not read on. */
  readonly maxAnswerBytes: number;
  readonly tls: TlsMaterial;
}

const CONNECTIONS = 4;
const SAID = 200;

/** Gets JSON over HTTP from one address, within limits; every failure is an Error with one plain sentence. */
export class JsonClient {
  readonly #options: JsonClientOptions;
  readonly #agent: Agent;

  constructor(options: JsonClientOptions) {
    this.#options = options;
    const { ca, ...rest } = options.tls;
    this.#agent = new Agent({
      connections: CONNECTIONS,
      maxResponseSize: options.maxAnswerBytes,
      connect: { ...rest, ...(ca === undefined ? {} : { ca: [...ca] }), timeout: options.timeoutSeconds * 1_000 },
    });
  }

  async get(path: string, params: Readonly<Record<string, string>>, outer: AbortSignal): Promise<unknown> {
    const { url: base, headers, timeoutSeconds, maxAnswerBytes } = this.#options;
    const url = new URL(`${base.replace(/\/+$/, '')}${path}?${new URLSearchParams(params)}`);
    const deadline = new Deadline(timeoutSeconds * 1_000, outer);
    try {
      const { statusCode, body } = await this.#agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { accept: 'application/json', 'user-agent': 'vigil', ...headers },
        signal: deadline.signal,
      });
      return understood(statusCode, await body.text());
    } catch (error) {
      if (deadline.passed) throw new Error(`no answer within ${timeoutSeconds} s`, { cause: error });
      if (error instanceof Refused) throw error;
      const { failure, why } = describeFailure(error);
      throw new Error(failure === 'too-large' ? `the answer has more than ${maxAnswerBytes} bytes` : why, {
        cause: error,
      });
    } finally {
      deadline.end();
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** There was an answer, and it is no use. */
class Refused extends Error {}

/** Services that answer JSON tell what is wrong in it; others by the status alone. */
function understood(status: number, text: string): unknown {
  const body = parsed(text);
  if (status === 401 || status === 403) throw new Refused(`it answers ${status}: are the credentials right?`);
  if (body === undefined)
    throw new Refused(
      `it answers ${status} with ${text === '' ? 'nothing' : `no JSON: ${text.slice(0, SAID).replace(/\s+/g, ' ')}`}`,
    );
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
