import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Agent } from 'undici';
import { microsNow } from '../clock.ts';
import { describeFailure } from './connection-failure.ts';
import { Deadline } from './deadline.ts';
import { ApiError } from './errors.ts';
import { Limit } from './limit.ts';
import type { HttpOptions } from './options.ts';
import { isRetried, parseRetryAfter, RETRY, type RetryPolicy, retryDelay } from './retry.ts';
import { failureOfStatus, faultIn } from './status-failure.ts';

/** One request to an OpenStack API. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The service's address, and the path (with query) below it; the two are kept apart for messages. */
  readonly endpoint: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether it may be sent again when it is not known if it was carried out; GETs always may. */
  readonly repeatable?: boolean;
  /** Statuses besides 2xx that are answers and no failures. */
  readonly accept?: readonly number[];
  /** Ties the requests of one undertaking together in the logs of all services. */
  readonly globalRequestId?: string;
  readonly signal?: AbortSignal;
}

/** What a service answered. Times in microseconds since 1970, by our clock. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; null when the answer was empty. */
  readonly body: unknown;
  /** The request id the service gave it; empty when it gave none. */
  readonly requestId: string;
  readonly sent: number;
  readonly received: number;
}

/** What the outside world is to an {@link HttpClient}; for tests. */
export interface HttpWorld {
  readonly now: () => number;
  readonly sleep: (millis: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random: () => number;
  readonly retry: RetryPolicy;
}

const WORLD: HttpWorld = {
  now: microsNow,
  sleep: async (millis, signal) => {
    try {
      await sleepFor(millis, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Stopped while waiting: the next try says so.
      if ((error as Error).name !== 'AbortError') throw error;
    }
  },
  random: Math.random,
  retry: RETRY,
};

/** Certificates, as they are handed to TLS. */
export interface TlsMaterial {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/** Speaks HTTP with OpenStack services: pooled connections, time-outs, retries, a limit on what is under way at once. */
export class HttpClient {
  readonly #options: HttpOptions;
  readonly #agent: Agent;
  readonly #limit: Limit;
  readonly #log: Logger;
  readonly #world: HttpWorld;

  constructor(options: HttpOptions, tls: TlsMaterial, log: Logger, world: Partial<HttpWorld> = {}) {
    this.#options = options;
    this.#limit = new Limit(options.concurrency);
    this.#log = log;
    this.#world = { ...WORLD, ...world };
    const { ca, ...rest } = tls;
    this.#agent = new Agent({
      connections: options.concurrency,
      maxResponseSize: options.maxAnswerBytes,
      connect: { ...rest, ...(ca === undefined ? {} : { ca: [...ca] }), timeout: options.timeoutSeconds * 1000 },
    });
  }

  /** Asks, again if that may help. Throws ApiError. */
  async ask(ask: Ask): Promise<Answer> {
    const { retry, sleep, random } = this.#world;
    for (let tried = 1; ; tried++) {
      try {
        return await this.#limit.run(() => this.#try(ask, tried));
      } catch (error) {
        if (!(error instanceof FailedTry)) throw error;
        const delay = error.again ? retryDelay(retry, tried, error.retryAfter, random()) : null;
        if (delay === null) throw error.toApiError(tried);
        this.#log.warn(
          { ...about(ask), tried, delay: Math.round(delay) },
          `${describe(ask)}: ${error.why}; trying again`,
        );
        await sleep(delay, ask.signal);
      }
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #try(ask: Ask, tried: number): Promise<Answer> {
    const repeatable = ask.method === 'GET' || ask.repeatable === true;
    const sent = this.#world.now();
    const answer = await this.#exchange(ask, repeatable);
    const received = this.#world.now();
    const requestId =
      header(answer.headers, 'x-openstack-request-id') ?? header(answer.headers, 'x-compute-request-id') ?? '';
    this.#log.debug(
      { ...about(ask), status: answer.status, request_id: requestId, tried, ms: (received - sent) / 1000 },
      describe(ask),
    );
    const { status } = answer;
    if ((status >= 200 && status < 300) || ask.accept?.includes(status) === true) {
      const body = parseBody(answer.text);
      if (body !== undefined) return { status, headers: answer.headers, body, requestId, sent, received };
      throw new FailedTry(ask, 'unreadable', 'the answer is not JSON (cut off?)', { again: repeatable, requestId });
    }
    const retryAfter = parseRetryAfter(header(answer.headers, 'retry-after'), received / 1000);
    throw new FailedTry(
      ask,
      failureOfStatus(status),
      faultIn(status, answer.text, header(answer.headers, 'location')),
      {
        again: isRetried(status) && (repeatable || status === 429),
        retryAfter,
        status,
        requestId,
      },
    );
  }

  /** Sends the request and reads the whole answer within the time-out. */
  async #exchange(
    ask: Ask,
    repeatable: boolean,
  ): Promise<{ status: number; headers: Answer['headers']; text: string }> {
    const deadline = new Deadline(this.#options.timeoutSeconds * 1000, ask.signal);
    const url = new URL(ask.endpoint + ask.path);
    try {
      ask.signal?.throwIfAborted();
      const { statusCode, headers, body } = await this.#agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: ask.method,
        headers: headersOf(ask),
        body: ask.body === undefined ? null : JSON.stringify(ask.body),
        signal: deadline.signal,
      });
      return { status: statusCode, headers, text: await body.text() };
    } catch (cause) {
      if (ask.signal?.aborted) throw new FailedTry(ask, 'aborted', 'it was stopped', { again: false });
      const { failure, why, final } = deadline.passed
        ? { failure: 'timeout' as const, why: `no answer within ${this.#options.timeoutSeconds} s`, final: false }
        : describeFailure(cause);
      throw new FailedTry(ask, failure, why, { again: repeatable && !final, cause });
    } finally {
      deadline.end();
    }
  }
}

/** Reading is refused for want of a role only, other things for more reasons. */
const MAY_NOT_CHANGE = 'Give the user the role it takes, or raise the quota, as the message says.';

interface TryDetails {
  readonly again: boolean;
  readonly retryAfter?: number | null;
  readonly status?: number;
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** One try that did not succeed. */
class FailedTry extends Error {
  readonly #ask: Ask;
  readonly #failure: ApiError['failure'];
  readonly why: string;
  readonly #details: TryDetails;

  constructor(ask: Ask, failure: ApiError['failure'], why: string, details: TryDetails) {
    super(why);
    this.#ask = ask;
    this.#failure = failure;
    this.why = why;
    this.#details = details;
  }

  get again(): boolean {
    return this.#details.again;
  }

  get retryAfter(): number | null {
    return this.#details.retryAfter ?? null;
  }

  toApiError(tried: number): ApiError {
    const { status, requestId, cause } = this.#details;
    const mayNot = this.#failure === 'forbidden' && this.#ask.method !== 'GET';
    return new ApiError(this.#failure, describe(this.#ask), tried === 1 ? this.why : `${this.why}, ${tried} times`, {
      ...(mayNot ? { advice: MAY_NOT_CHANGE } : {}),
      ...(status === undefined ? {} : { status }),
      ...(requestId === undefined || requestId === '' ? {} : { requestId }),
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** `GET /servers/detail at http://nova:8774/v2.1`: no query, no credentials. */
function describe(ask: Ask): string {
  return `${requestName(ask)} at ${ask.endpoint}`;
}

/** Method and path without the query: what was asked, as causes of facts name it. */
export function requestName({ method, path }: Pick<Ask, 'method' | 'path'>): string {
  return `${method} ${path.replace(/\?.*$/, '')}`;
}

function about(ask: Ask): Record<string, string> {
  const global = ask.globalRequestId;
  return {
    request: requestName(ask),
    endpoint: ask.endpoint,
    ...(global === undefined ? {} : { global_request_id: global }),
  };
}

function headersOf(ask: Ask): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'vigil',
    ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ask.globalRequestId === undefined ? {} : { 'x-openstack-request-id': ask.globalRequestId }),
    ...ask.headers,
  };
}

/** A header that occurs once; undefined when it is not there. */
export function header(headers: Answer['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Undefined when the text is not JSON. */
function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
