import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ObjectiveRecord } from '../../../streams/sla/objective.ts';

const HOUR = 3_600;
const T = 497_223 * HOUR;

test('a rate of 1 uses up just what is allowed, and what is older than the period no longer counts', () => {
  const record = new ObjectiveRecord({ target: 0.9, period: 24 * HOUR });
  for (let hour = 0; hour < 24; hour++) record.count(T + hour * HOUR, 60, 9, 1);
  const { reached, budgetLeft, burnRates } = record.standing(T + 23 * HOUR);
  expect([reached, budgetLeft, burnRates['1h'], burnRates['6h']]).toEqual(
    [0.9, 0, 1, 1].map((it) => expect.closeTo(it)),
  );
  for (let hour = 24; hour < 60; hour++) record.count(T + hour * HOUR, 60, 10, 0);
  expect(record.standing(T + 59 * HOUR)).toMatchObject({ reached: 1, budgetLeft: 1 });
  expect(record.buckets().length).toBeLessThanOrEqual(25);
  record.count(T + 10_000 * HOUR, 60, 1, 1);
  expect(record.buckets()).toEqual([{ hour: T / HOUR + 10_000, good: 60, bad: 60 }]);
});

test('a fast burn shows in the last hour first', () => {
  const record = new ObjectiveRecord({ target: 0.99, period: 720 * HOUR });
  for (let hour = 0; hour < 100; hour++) record.count(T + hour * HOUR, 60, 10, 0);
  record.count(T + 100 * HOUR, 60, 0, 10);
  const { burnRates } = record.standing(T + 100 * HOUR);
  expect(burnRates['1h']).toBeCloseTo(50);
  expect(burnRates['6h']).toBeCloseTo(100 / 7);
  expect(burnRates['3d']).toBeCloseTo(100 / 73);
});

test('holds what a list of hours would, whatever gaps there are', () => {
  const steps = fc.array(fc.record({ later: fc.nat({ max: 30 }), good: fc.nat({ max: 5 }), bad: fc.nat({ max: 5 }) }));
  fc.assert(
    fc.property(steps, (counted) => {
      const record = new ObjectiveRecord({ target: 0.9, period: 24 * HOUR });
      const expected = new Map<number, { hour: number; good: number; bad: number }>();
      let hour = T / HOUR;
      for (const { later, good, bad } of counted) {
        hour += later;
        record.count(hour * HOUR + 5, 1, good, bad);
        const before = expected.get(hour) ?? { hour, good: 0, bad: 0 };
        if (good + bad > 0) expected.set(hour, { hour, good: before.good + good, bad: before.bad + bad });
      }
      const last = Math.max(...expected.keys());
      const held = [...expected.values()].filter((bucket) => bucket.hour > last - 24);
      expect(record.buckets()).toEqual(held);
      const again = new ObjectiveRecord({ target: 0.9, period: 24 * HOUR });
      again.restore(record.buckets());
      expect(again.buckets()).toEqual(held);
    }),
  );
});

test('of nothing measured nothing is said', () => {
  const record = new ObjectiveRecord({ target: 0.99, period: 24 * HOUR });
  record.count(T, 60, 0, 0);
  expect(record.buckets()).toEqual([]);
  expect(record.standing(T)).toEqual({
    ...{ reached: null, budgetLeft: null },
    burnRates: { '1h': null, '6h': null, '3d': null },
  });
});
