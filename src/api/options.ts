import type { FastifyBaseLogger } from 'fastify';
import type { Part } from '../parts/part.ts';

/** What the API needs to know besides the running service. */
export interface ApiOptions {
  readonly log: FastifyBaseLogger;
  /** Vigil's version, for /openapi.json. */
  readonly version: string;
  /** The token that every address but /healthz asks for; null when none is asked for. */
  readonly token: string | null;
  /** Whether it may be asked for by any host name although there is no token (`security.public_access`). */
  readonly publicAccess: boolean;
  readonly limits: ApiLimits;
  /** Answers only what watches over a process: health and metrics. */
  readonly operationOnly?: boolean;
  /** What else is served and measured. */
  readonly parts?: readonly Pick<Part, 'routes' | 'measure'>[];
  /** The directory of the compiled page; default: where the build puts it. */
  readonly page?: string;
}

export interface ApiLimits {
  /** Requests per second from one address. */
  readonly requests_per_second: number;
  /** Bytes of a request's body. */
  readonly max_body: number;
  /** Subscribers of changes at once. */
  readonly max_subscribers: number;
  /** Changes kept for subscribers that come back or are slow. */
  readonly changes_kept: number;
  /** Seconds between signs of life to subscribers. */
  readonly heartbeat: number;
}
