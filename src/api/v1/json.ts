import { Readable, type Writable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Answers JSON: nothing for undefined, bytes as they are. As bytes, since to the type of a text a charset would be added, and clients compare the type. */
export function sendJson(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer === undefined) return reply.send();
  reply.header('content-type', 'application/json');
  if (answer instanceof Pieces) return reply.header('content-length', answer.size).send(answer);
  return reply.send(Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer)));
}

/** Bytes that are handed to the connection as they are: a large answer is not copied together first. */
export class Pieces extends Readable {
  readonly size: number;
  readonly #pieces: readonly Buffer[];

  constructor(pieces: readonly Buffer[]) {
    super();
    this.#pieces = pieces;
    this.size = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** All at once, as one call of the system: reading piece by piece would wait for the connection after each. */
  override pipe<W extends NodeJS.WritableStream>(destination: W): W {
    const connection = destination as unknown as Writable;
    connection.cork();
    for (const piece of this.#pieces) connection.write(piece);
    connection.uncork();
    connection.end();
    this.resume();
    return destination;
  }

  override _read(): void {
    this.push(null);
  }
}
