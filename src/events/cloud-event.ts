import { createHash } from 'node:crypto';
import type { EventType } from './event-types.ts';

/** The kind under which events lie in the ledger, by their places in the one order in which they are told. */
export const EVENT = 'event';

/** Something that happened, as CloudEvents 1.0 has it. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** Sorts by when it happened; the same however often and by whichever process it is told. */
  readonly id: EventId;
  readonly source: string;
  readonly type: EventType;
  /** `audit/<uuid>`, or the host or instance that a breach is of. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly [field: string]: unknown };
}

/** Milliseconds since 1970 in 14 digits, and a hash of what happened. */
export type EventId = `${number}-${string}`;

const TIME_DIGITS = 14;
const HASH_DIGITS = 12;
export const EVENT_ID_FORM = '^\\d{14}-[0-9a-f]{12}$';
/** Before everything that ever happened. */
export const BEGINNING: EventId = '00000000000000-000000000000';

/** The id of what happened at a time (ms since 1970); `what` tells it from all else that happened then. */
export function eventId(at: number, what: string): EventId {
  const hash = createHash('sha256').update(what).digest('hex').slice(0, HASH_DIGITS);
  return `${String(Math.floor(at)).padStart(TIME_DIGITS, '0')}-${hash}` as EventId;
}
