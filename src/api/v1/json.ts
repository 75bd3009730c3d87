import type { FastifyReply } from 'fastify';

/** Answers JSON: nothing for undefined, bytes as they are. As bytes, since to the type of a text a charset would be added, and clients compare the type. */
export function sendJson(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer === undefined) return reply.send();
  const bytes = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer));
  return reply.header('content-type', 'application/json').send(bytes);
}
