import type { FastifyRequest } from 'fastify';
import type { Collection } from './paths.ts';

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
}

/** The scheme and host by which the client reached us, before every link. */
export function hostUrl(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** The links of one item. */
export function itemLinks(host: string, collection: Collection, id: string | number): readonly Link[] {
  return [
    { href: `${host}/v1/${collection}/${id}`, rel: 'self' },
    { href: `${host}/${collection}/${id}`, rel: 'bookmark' },
  ];
}
