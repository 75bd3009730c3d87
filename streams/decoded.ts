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
import type { RawMessage } from './source.ts';

const NOTHING: readonly Fact[] = [];
const READ = new NameFilter([...MESSAGE_FIELDS, ...READ_FIELDS.some], READ_FIELDS.whole);
const condenser = new Condenser(READ, LAST_FIELD);

/** A message with what it tells. Exactly one of `event` and `letter` is set; `publisher` is empty when nobody needs it. */
export interface Decoded {
  readonly message: RawMessage;
  readonly event: string | null;
  readonly publisher: string;
  readonly facts: readonly Fact[];
  readonly cut: boolean;
  readonly letter: DeadLetter | null;
}

/**
 * Decodes a message; what cannot be used comes back as a dead letter. `now` in microseconds since 1970; `cuts` knows by which
 * other present the clock of a message was cut before.
 */
export function decode(message: RawMessage, now: number, cuts?: Pick<CutClocks, 'presentOf'>): Decoded {
  const peeked = peekEvent(message.body);
  if (peeked !== null && !AUTHORITY.has(peeked)) {
    return { message, event: peeked, publisher: '', facts: NOTHING, cut: false, letter: null };
  }
  try {
    const notification = decodeCondensed(message.body) ?? decodeEnvelope(message.body);
    const { facts, cut } = factsOf(notification, cuts?.presentOf(notification.id) ?? now);
    return { message, event: notification.event, publisher: notification.publisher, facts, cut, letter: null };
  } catch (error) {
    return { message, event: null, publisher: '', facts: NOTHING, cut: false, letter: deadLetter(message, error) };
  }
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
