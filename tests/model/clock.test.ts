import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockParts, clockTime, cutFuture, FUTURE_LIMIT_SECONDS, makeClock, tieBreak } from '../../model/clock.ts';

const SECONDS = 9_999_999_999;

const parts: fc.Arbitrary<ClockParts> = fc.record({
  updatedAt: fc.oneof(fc.integer({ min: 0, max: SECONDS }), fc.constantFrom(0, 1, 9, 10, 1_790_000_000)),
  tier: fc.constantFrom(0 as const, 1 as const),
  time: fc.oneof(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.constantFrom(0, 1, 1_790_000_000_000_000)),
  tie: fc.string({ maxLength: 4 }).map(tieBreak),
});

/** The order that a clock stands for: row version, then tier, then time, then tie. */
function compare(a: ClockParts, b: ClockParts): number {
  return (
    a.updatedAt - b.updatedAt || a.tier - b.tier || a.time - b.time || (a.tie < b.tie ? -1 : a.tie > b.tie ? 1 : 0)
  );
}

describe('a clock', () => {
  it('sorts as text as its parts sort, in bytes and in every locale', () => {
    const collator = new Intl.Collator('sv');
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const order = Math.sign(compare(a, b));
        const [left, right] = [makeClock(a), makeClock(b)];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(order);
        expect(Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)))).toBe(order);
        expect(Math.sign(collator.compare(left, right))).toBe(order);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has one width and few characters, whatever is put in', () => {
    const any = fc.record({
      updatedAt: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, 2 ** 60)),
      tier: fc.constantFrom(0 as const, 1 as const),
      time: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, 2 ** 70)),
      tie: fc.string().map(tieBreak),
    });
    fc.assert(
      fc.property(any, (some) => {
        expect(makeClock(some)).toMatch(/^\d{10}\.[01]\.\d{16}\.[0-9a-f]{8}$/);
      }),
    );
  });

  it('tells its time', () => {
    fc.assert(
      fc.property(parts, (some) => {
        expect(clockTime(makeClock(some))).toBe(some.time);
      }),
    );
  });
});

describe('a tie break', () => {
  it('is that of FNV-1a, so that every process and language agrees', () => {
    expect(tieBreak('')).toBe('811c9dc5');
    expect(tieBreak('a')).toBe('e40c292c');
    expect(tieBreak('foobar')).toBe('bf9cf968');
  });
});

describe('a time in the future', () => {
  const limit = FUTURE_LIMIT_SECONDS * 1_000_000;

  it('is cut to the limit, and one before it is left as it is', () => {
    const times = fc.tuple(fc.nat(), fc.maxSafeNat());
    fc.assert(
      fc.property(times, ([now, time]) => {
        const cut = cutFuture(time, now);
        if (time <= now + limit) expect(cut).toBe(time);
        else expect(cut).toBe(now + limit);
      }),
    );
  });

  it('is 1970 at the earliest', () => {
    expect(cutFuture(-1, 5)).toBe(0);
    expect(cutFuture(-6.2e16, 5)).toBe(0);
  });
});
