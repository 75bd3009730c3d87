import type { FastifyReply } from 'fastify';

/** Answers JSON, or nothing for undefined. As bytes, since to the type of a text a charset would be added, and clients compare the type. */
export function sendJson(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(answer)));
}
