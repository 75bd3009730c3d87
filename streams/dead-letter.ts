import { createHash } from 'node:crypto';
import { tieBreak } from '../model/clock.ts';
import type { StoredRecord } from '../model/store.ts';
import type { Undecodable, UndecodableReason } from './decode/undecodable.ts';
import type { RawMessage } from './source.ts';

/** The kind under which a store keeps dead letters, and how many at most: beyond, the oldest go (the count stays). */
export const DEAD_LETTERS = { kind: 'dead-letter', limit: 10_000 } as const;

/** As much of a body as is kept. */
const BODY_KEPT = 16 * 1024;

/** A message that could not be used, kept aside with the reason. */
export interface DeadLetter {
  readonly reason: UndecodableReason;
  readonly detail: string;
  /** When it was received, in milliseconds since 1970. */
  readonly arrived: number;
  /** Transport, exchange and routing key, topic and offset, or file and line. */
  readonly origin: string;
  readonly bytes: number;
  /** Of the whole body, as recordings have it too. */
  readonly sha256: string;
  /** The beginning of the body; bytes that are not UTF-8 are replaced. */
  readonly body: string;
}

/** Makes a dead letter of a message and why it cannot be used. */
export function deadLetter(message: RawMessage, { reason, message: detail }: Undecodable): DeadLetter {
  return {
    reason,
    detail,
    arrived: message.arrived,
    origin: describeOrigin(message),
    bytes: message.body.length,
    sha256: createHash('sha256').update(message.body).digest('hex'),
    body: Buffer.from(message.body.subarray(0, BODY_KEPT)).toString('utf8'),
  };
}

/** The record of a dead letter; the same body from the same place in the same millisecond has the same id. */
export function deadLetterRecord(letter: DeadLetter): StoredRecord {
  const id = `${String(letter.arrived).padStart(14, '0')}-${tieBreak(letter.origin)}${letter.sha256.slice(0, 16)}`;
  return { id, value: { ...letter } };
}

function describeOrigin({ origin }: RawMessage): string {
  switch (origin.transport) {
    case 'amqp':
      return `amqp ${origin.exchange}/${origin.routingKey}`;
    case 'kafka':
      return `kafka ${origin.topic}[${origin.partition}]@${origin.offset}`;
    case 'recording':
      return `${origin.file}:${origin.line}`;
    case 'simulator':
      return 'simulator';
  }
}
