import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureAt, measureOf } from '../../../streams/sla/windows/measure.ts';
import { SampleStore } from '../../../streams/sla/windows/sample-store.ts';

test('holds the latest sample of each time in order, as long as they are asked for, however many', () => {
  const sample = fc.record({
    resource: fc.constantFrom('a', 'b'),
    time: fc.integer({ min: 0, max: 300 }),
    value: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 400 }), (samples) => {
      const store = new SampleStore(100);
      const expected = new Map<string, Map<number, number>>();
      let clock = Number.NEGATIVE_INFINITY;
      for (const [i, one] of samples.entries()) {
        if (i % 10 === 9) clock = Math.max(clock, one.time);
        store.advance(clock);
        const taken = store.add({ metric: 'm', ...one });
        expect(taken).toBe(one.time <= clock - 100 ? 'late' : 'kept');
        if (taken === 'kept')
          expected.set(one.resource, (expected.get(one.resource) ?? new Map()).set(one.time, one.value));
      }
      for (const [resource, values] of expected) {
        const inWindow = [...values].filter(([time]) => time > clock - 100).sort(([a], [b]) => a - b);
        expect(held(store, resource).filter(([time]) => time > clock - 100)).toEqual(inWindow);
      }
    }),
  );
});

test('of a series with more samples than the largest block holds the oldest go', () => {
  const store = new SampleStore(1_000_000);
  for (let time = 1; time <= 10_000; time++) store.add({ metric: 'm', resource: 'a', value: time, time });
  const times = held(store, 'a').map(([time]) => time);
  expect(times.length).toBe(8_192);
  expect([times[0], times.at(-1)]).toEqual([1_809, 10_000]);
});

test('NaN is no sample', () => {
  const store = new SampleStore(60);
  expect(store.add({ metric: 'm', resource: 'a', value: Number.NaN, time: 1 })).toBe('nan');
  expect(store.seriesCount).toBe(0);
});

test('a percentile of many samples is that of few', () => {
  const store = new SampleStore(1_000);
  for (let time = 1; time <= 201; time++) store.add({ metric: 'm', resource: 'a', value: (time * 37) % 201, time });
  const table = store.table('m');
  if (table === undefined) throw new Error('no table');
  const p = (share: number): number => measureAt(table, 0, measureOf({ kind: 'percentile', share }), 1_000, 201);
  expect([p(0), p(0.5), p(0.9525), p(1)]).toEqual([0, 100, 190.5, 200]);
});

function held(store: SampleStore, resource: string): [number, number][] {
  const table = store.table('m');
  const slot = table?.slot(resource);
  if (table === undefined || slot === undefined) return [];
  table.find(slot);
  const { page, begin, end } = table.found;
  const pairs: [number, number][] = [];
  for (let at = begin; at < end; at += 2) pairs.push([page[at] ?? 0, page[at + 1] ?? 0]);
  return pairs;
}
