import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cloud, Request } from '../cloud.ts';
import type { Actor, Instance } from '../state/types.ts';
import type { CatalogService } from './catalog.ts';
import type { Tokens } from './tokens.ts';

/** What all parts of the REST API share. */
export interface Api {
  readonly cloud: Cloud;
  readonly tokens: Tokens;
  /** Where the app listens, without a slash at the end. */
  url(): string;
  /** What the catalogue names beside them. */
  readonly services: readonly CatalogService[];
  /** Servers of which nova shows only that they exist, since their cell is down. */
  isInDownCell(instance: Instance): boolean;
  /** Hosts of which it shows no more. */
  isHostInDownCell(host: string): boolean;
}

/** One call of the API. */
export interface Call {
  readonly api: Api;
  readonly cloud: Cloud;
  readonly actor: Actor;
  readonly isAdmin: boolean;
  /** The minor of the negotiated microversion. */
  readonly version: number;
  /** `req-…`: the operation's notifications carry it too. */
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly reply: FastifyReply;
}

/** Answers a call with the body, null for none. @throws ApiError */
export type Handler = (call: Call) => unknown;

declare module 'fastify' {
  interface FastifyRequest {
    simulated: { requestId: string; version: number };
  }
}

/** Query parameters as they came, repeated ones too. */
export function queryOf(request: FastifyRequest): URLSearchParams {
  const mark = request.url.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : request.url.slice(mark + 1));
}
