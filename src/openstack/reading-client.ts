import { randomUUID } from 'node:crypto';
import type { Reading } from '../../streams/reading/read.ts';
import { microsNow } from '../clock.ts';
import { ApiError, isApiError } from './errors.ts';
import { type Answer, header, requestName } from './http.ts';
import type { ServiceType } from './options.ts';
import { ServerClock } from './server-clock.ts';
import type { ServiceAsk, Session } from './session.ts';

/** JSON objects of a service, as they come. */
export type Fields = { readonly [key: string]: unknown };

/** Something read of a service, with what its facts need to know of the request. */
export interface Read<T> {
  readonly value: T;
  readonly reading: Reading;
  /** When the answer was here, in the service's clock, rounded up, in µs. */
  readonly received: number;
}

/** How a request is made on behalf of an undertaking. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly globalRequestId?: string;
}

/** A new id that ties the requests of an undertaking together in the logs of all services. */
export function newGlobalRequestId(): string {
  return `req-${randomUUID()}`;
}

/** What an emulator answers to what it does not know. */
const LACKING: readonly number[] = [404, 405];

/** Asks one service, in its clock. */
export class ReadingClient {
  readonly clock = new ServerClock();
  readonly #session: Session;
  readonly #type: ServiceType;

  constructor(session: Session, type: ServiceType) {
    this.#session = session;
    this.#type = type;
  }

  /** Whether the service is one that knows only a part of its API. */
  get partial(): boolean {
    return this.#session.partial;
  }

  /** The address of the catalog or configuration. */
  address(): Promise<string> {
    return this.#session.endpoint(this.#type);
  }

  /** Asks below an endpoint and keeps the service's clock. Throws ApiError. */
  async ask(endpoint: string, ask: ServiceAsk): Promise<Answer> {
    const answer = await this.#session.ask(endpoint, ask);
    this.clock.observe(header(answer.headers, 'date'), answer.sent, answer.received);
    return answer;
  }

  /** What facts need to know of a request that was answered. */
  readingOf(endpoint: string, ask: ServiceAsk, answer: Answer): { reading: Reading; received: number } {
    const reading: Reading = {
      request: requestName(ask),
      id: answer.requestId || (ask.globalRequestId ?? newGlobalRequestId()),
      endpoint,
      sent: this.clock.atLeast(answer.sent),
    };
    return { reading, received: this.clock.atMost(answer.received) };
  }

  /** A list under a key of the answer. Throws ApiError (`unreadable`) when it is not there. */
  async list(endpoint: string, ask: ServiceAsk, key: string): Promise<Read<readonly Fields[]>> {
    const asked = microsNow();
    const answer = await this.ask(endpoint, ask).catch((error: unknown) => {
      if (this.partial && isApiError(error) && LACKING.includes(error.status ?? 0)) return null;
      throw error;
    });
    if (answer === null) return { value: [], ...this.readingOf(endpoint, ask, nothing(asked)) };
    const value = asFields(answer.body)?.[key];
    if (!Array.isArray(value) || !value.every((item) => asFields(item) !== null))
      throw new ApiError('unreadable', `${requestName(ask)} at ${endpoint}`, `the answer has no list "${key}"`, {
        requestId: answer.requestId,
      });
    return { value: value as readonly Fields[], ...this.readingOf(endpoint, ask, answer) };
  }
}

/** What stands for the answer of a service that lacks what it is asked for. */
function nothing(asked: number): Answer {
  return { status: 404, headers: {}, body: null, requestId: '', sent: asked, received: microsNow() };
}

export function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A path with a query; what is null is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | boolean | null>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) params.append(name, String(value));
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}
