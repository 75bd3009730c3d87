import type { FastifyReply } from 'fastify';

/** Says that the answer depends on a header of the request, besides those that others said so of: caches must not mix them. */
export function varyBy(reply: FastifyReply, field: string): void {
  const before = reply.getHeader('vary');
  reply.header('vary', before === undefined ? field : `${String(before)}, ${field}`);
}
