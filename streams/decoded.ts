import type { Fact } from '../model/fact.ts';
import { factsOf } from './authority/facts.ts';
import { READ_FIELDS } from './authority/read-fields.ts';
import { AUTHORITY } from './authority/table.ts';
import type { CutClocks } from './cut-clocks.ts';
import { type DeadLetter, deadLetter } from './dead-letter.ts';
import { Condenser } from './decode/condenser.ts';
import {
  decodeEnvelope,
  type Fields,
  LAST_FIELD,
  MESSAGE_FIELDS,
  type Notification,
  notificationOf,
} from './decode/envelope.ts';
import { NameFilter } from './decode/name-filter.ts';
import { peekEvent } from './decode/peek.ts';
import { Undecodable } from './decode/undecodable.ts';
import type { RawMessage } from './source.ts';

const NOTHING: readonly Fact[] = [];
const READ = new NameFilter([...MESSAGE_FIELDS, ...READ_FIELDS.some], READ_FIELDS.whole);
const condenser = new Condenser(READ, LAST_FIELD);

/** What a body tells. `publisher` is empty when nobody needs it; `cut` says that a clock lay in the far future. */
export interface Content {
  readonly event: string;
  readonly publisher: string;
  readonly facts: readonly Fact[];
  readonly cut: boolean;
}

/** A message with what it tells. Exactly one of `event` and `letter` is set. */
export interface Decoded extends Omit<Content, 'event'> {
  readonly message: RawMessage;
  readonly event: string | null;
  readonly letter: DeadLetter | null;
}

/**
 * Reads a body; returns why when it cannot be used. `now` in microseconds since 1970; `cuts` knows by which other present the
 * clock of a message was cut before.
 */
export function readBody(body: Uint8Array, now: number, cuts?: Pick<CutClocks, 'presentOf'>): Content | Undecodable {
  const peeked = peekEvent(body);
  if (peeked !== null && !AUTHORITY.has(peeked)) return { event: peeked, publisher: '', facts: NOTHING, cut: false };
  try {
    const notification = decodeCondensed(body) ?? decodeEnvelope(body);
    const { facts, cut } = factsOf(notification, cuts?.presentOf(notification.id) ?? now);
    return { event: notification.event, publisher: notification.publisher, facts, cut };
  } catch (error) {
    if (error instanceof Undecodable) return error;
    throw error;
  }
}

/** A message with what was read in its body; what cannot be used becomes a dead letter. */
export function decodedOf(message: RawMessage, read: Content | Undecodable): Decoded {
  if (read instanceof Undecodable) {
    return { message, event: null, publisher: '', facts: NOTHING, cut: false, letter: deadLetter(message, read) };
  }
  const { event, publisher, facts, cut } = read;
  return { message, event, publisher, facts, cut, letter: null };
}

/** Decodes a message, as {@link readBody} does. */
export function decode(message: RawMessage, now: number, cuts?: Pick<CutClocks, 'presentOf'>): Decoded {
  return decodedOf(message, readBody(message.body, now, cuts));
}

/** A notification with no more of its payload than is read; null when it takes reading as a whole to know what it is. */
function decodeCondensed(body: Uint8Array): Notification | null {
  const text = condenser.condense(body);
  if (text === null) return null;
  try {
    const message = JSON.parse(text) as Fields;
    return MESSAGE_FIELDS.every((field) => field in message) ? notificationOf(message) : null;
  } catch {
    return null;
  }
}
