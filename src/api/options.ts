import type { FastifyBaseLogger } from 'fastify';
import type { Part } from '../parts/part.ts';
import type { Access } from './identify.ts';

/** What the API needs to know besides the running service. */
export interface ApiOptions {
  readonly log: FastifyBaseLogger;
  /** Vigil's version, for /openapi.json. */
  readonly version: string;
  /** Who may ask for what. */
  readonly access: Access;
  readonly limits: ApiLimits;
  /** Answers only what watches over a process: health and metrics. */
  readonly operationOnly?: boolean;
  /** What else is served and measured. */
  readonly parts?: readonly Pick<Part, 'routes' | 'takesIn' | 'measure'>[];
  /** The directory of the compiled page; default: where the build puts it. */
  readonly page?: string;
}

export interface ApiLimits {
  /** Whether X-Forwarded-* are believed. */
  readonly trust_proxy?: boolean;
  /** Origins of web pages that may ask from browsers. */
  readonly cors_origins?: readonly string[];
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
  /** Seconds for which the process may be too busy to answer before it refuses; 0: it never does. */
  readonly busy_limit: number;
}
