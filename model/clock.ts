/**
 * The clock that orders the facts of one register: a fixed-width string `u.tier.t.tie` over `[0-9a-f.]`, so that plain
 * string comparison in JavaScript, Lua and a B-tree all agree.
 *
 * - `u` (10 digits): the row's `updated_at` in whole seconds, 0 when it was null. A payload with a smaller u is a copy of
 *   an older row, whatever time it was sent.
 * - `tier` (1): 1 for `instance.update` and API reads, which carry the row itself; 0 for every other event.
 * - `t` (16 digits): when it was said, in microseconds since 1970.
 * - `tie` (8 hex digits): a hash of what said it, so that two statements of one microsecond are ordered alike everywhere.
 *
 * Why this order is right is told in docs/contributing/clock.md.
 */
export type Clock = string;

/** A stated time further ahead of the receiver than this is a broken clock, not the future. */
export const FUTURE_LIMIT_SECONDS = 300;

const MICROS_PER_SECOND = 1_000_000;
const MAX_SECONDS = 9_999_999_999;

export interface ClockParts {
  /** The row's `updated_at`, in whole seconds since 1970; 0 when null. */
  readonly updatedAt: number;
  readonly tier: 0 | 1;
  /** When it was said, in microseconds since 1970. */
  readonly time: number;
  /** Eight hex digits, see {@link tieBreak}. */
  readonly tie: string;
}

export function makeClock(parts: ClockParts): Clock {
  const u = String(Math.min(Math.max(parts.updatedAt, 0), MAX_SECONDS)).padStart(10, '0');
  const t = String(Math.min(Math.max(parts.time, 0), MAX_SECONDS * MICROS_PER_SECOND)).padStart(16, '0');
  return `${u}.${parts.tier}.${t}.${parts.tie}`;
}

/** The time part of a clock, in microseconds since 1970. */
export function clockTime(clock: Clock): number {
  return Number(clock.slice(13, 29));
}

/** FNV-1a of a text as eight hex digits: the last resort of the order, not a checksum. */
export function tieBreak(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Cuts a stated time (µs) that lies more than {@link FUTURE_LIMIT_SECONDS} ahead of `now` (µs) back to that limit, so that
 * a clock that is wrong by years keeps what is right out for no longer than that. Times before 1970 count as 1970.
 */
export function cutFuture(time: number, now: number): number {
  return Math.max(0, Math.min(time, now + FUTURE_LIMIT_SECONDS * MICROS_PER_SECOND));
}
