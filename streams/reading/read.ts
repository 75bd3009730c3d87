import { cutFuture, makeClock, tieBreak } from '../../model/clock.ts';
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

/** One register as read: `updatedAt` is the row's in whole seconds (0 for things that have none). */
export interface ReadRegister {
  readonly register: string;
  readonly value: Value;
  readonly updatedAt: number;
}

const ROW_ITSELF = 1;

/**
 * The facts of what one element was read as. A read is the row itself (tier 1) at the moment the request was sent: what is
 * said later with the same row version is newer, what was said before is older. `now` in µs cuts far futures.
 */
export function factsRead(
  element: ElementKey,
  registers: readonly ReadRegister[],
  reading: Reading,
  now: number,
): Fact[] {
  const time = cutFuture(reading.sent, now);
  const tie = tieBreak(reading.id);
  const cause: Cause = { event: reading.request, id: reading.id, publisher: reading.endpoint, time };
  return registers.map(({ register, value, updatedAt }) => {
    const clock = makeClock({ updatedAt, tier: ROW_ITSELF, time, tie });
    return { element, register, clock, value, cause };
  });
}
