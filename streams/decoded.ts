import type { Fact } from '../model/fact.ts';
import { factsOf } from './authority/facts.ts';
import { type DeadLetter, deadLetter } from './dead-letter.ts';
import { decodeEnvelope } from './decode/envelope.ts';
import type { RawMessage } from './source.ts';

/** A message with what it tells. Exactly one of `event` and `letter` is set. */
export interface Decoded {
  readonly message: RawMessage;
  readonly event: string | null;
  readonly publisher: string;
  readonly facts: readonly Fact[];
  readonly cut: boolean;
  readonly letter: DeadLetter | null;
}

/** Decodes a message; what cannot be used comes back as a dead letter. `now` in microseconds since 1970. */
export function decode(message: RawMessage, now: number): Decoded {
  try {
    const notification = decodeEnvelope(message.body);
    const { facts, cut } = factsOf(notification, now);
    return { message, event: notification.event, publisher: notification.publisher, facts, cut, letter: null };
  } catch (error) {
    return { message, event: null, publisher: '', facts: [], cut: false, letter: deadLetter(message, error) };
  }
}
