import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRetryAfter, RETRY, retryDelay } from '../../../src/openstack/retry.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('waits within a bound that doubles up to a limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), random, (tried, drawn) => {
      const delay = retryDelay({ ...RETRY, tries: 100 }, tried, null, drawn) ?? Number.NaN;
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.min(500 * 2 ** (tried - 1), 15_000));
    }),
  );
});

it('gives up after the last try', () => {
  expect(retryDelay(RETRY, RETRY.tries, null, 0.5)).toBeNull();
});

it('never waits less than was asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), random, (asked, drawn) => {
      expect(retryDelay(RETRY, 1, asked, drawn)).toBeGreaterThanOrEqual(asked);
    }),
  );
});

it('reads both forms of Retry-After', () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  expect(parseRetryAfter('120', now)).toBe(120_000);
  expect(parseRetryAfter('Mon, 23 Nov 2026 12:00:30 GMT', now)).toBe(30_000);
  expect(parseRetryAfter('Mon, 23 Nov 2026 11:00:30 GMT', now)).toBe(0);
  expect(parseRetryAfter('soon', now)).toBeNull();
  expect(parseRetryAfter(undefined, now)).toBeNull();
});
