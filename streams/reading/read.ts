import { type Clock, cutFuture, makeClock, tieBreak } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Cause, Fact, Value } from '../../model/fact.ts';

/** One request to an OpenStack API, as the clock of what it answered needs it. */
export interface Reading {
  /** The method and path, without query: `GET /servers/detail`. */
  readonly request: string;
  /** The request id the server answered with (x-openstack-request-id). */
  readonly id: string;
  /** The endpoint, without credentials. */
  readonly endpoint: string;
  /** When the request was sent, in the server's clock (our clock and the offset of its Date header), in µs, rounded down. */
  readonly sent: number;
}

/** What all facts of one answer share, so that a page of a thousand servers has one cause. Times in µs. */
export interface Stamp {
  readonly cause: Cause;
  readonly tie: string;
  readonly sent: number;
  /** When the answer was here, in the server's clock, rounded up. */
  readonly received: number;
  readonly now: number;
  /** The clock of what has no row version. */
  readonly byTime: Clock;
}

/** One register as read. */
export interface ReadRegister {
  readonly register: string;
  readonly value: Value;
  /** The row's `updated_at` in whole seconds, 0 when it was never saved; null for what has none and time alone decides. */
  readonly updatedAt: number | null;
}

const ROW_ITSELF = 1;
/** Notifications of what has no row version are of tier 0: time can only decide among equals. */
const BY_TIME = 0;
const MICROS_PER_SECOND = 1_000_000;

/** Prepares for the facts of an answer. `now` in µs cuts far futures; it and `received` are in the server's clock. */
export function stampOf(reading: Reading, received: number, now: number): Stamp {
  const time = cutFuture(reading.sent, now);
  const tie = tieBreak(reading.id);
  return {
    cause: { event: reading.request, id: reading.id, publisher: reading.endpoint, time },
    tie,
    sent: reading.sent,
    received,
    now,
    byTime: makeClock({ updatedAt: 0, tier: BY_TIME, time, tie }),
  };
}

/**
 * The facts of what one element was read as. A read of a row is the row itself (tier 1) at the moment the request was sent:
 * what is said later with the same row version is newer, what was said before is older.
 */
export function factsRead(element: ElementKey, registers: readonly ReadRegister[], stamp: Stamp): Fact[] {
  const { cause, tie, now } = stamp;
  let version = Number.NaN;
  let byRow = stamp.byTime;
  return registers.map(({ register, value, updatedAt }) => {
    if (updatedAt === null) return { element, register, clock: stamp.byTime, value, cause };
    if (updatedAt !== version) {
      version = updatedAt;
      const cut = Math.floor(cutFuture(updatedAt * MICROS_PER_SECOND, now) / MICROS_PER_SECOND);
      byRow = makeClock({ updatedAt: cut, tier: ROW_ITSELF, time: cause.time, tie });
    }
    return { element, register, clock: byRow, value, cause };
  });
}

/** The fact that an element is gone for good, as an answer of "not found" says. */
export function factsOfGone(element: ElementKey, register: string, stamp: Stamp): Fact[] {
  return factsRead(element, [{ register, value: true, updatedAt: null }], stamp);
}
