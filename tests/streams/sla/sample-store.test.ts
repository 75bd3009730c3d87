import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureAt, measureOf } from '../../../streams/sla/windows/measure.ts';
import { SampleStore, UNLIMITED } from '../../../streams/sla/windows/sample-store.ts';

test('holds the latest sample of each time in order, as long as they are asked for, however many', () => {
  const sample = fc.record({
    resource: fc.constantFrom('a', 'b'),
    time: fc.integer({ min: 0, max: 300 }),
    value: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 400 }), (samples) => {
      const store = new SampleStore(100, UNLIMITED);
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
  const store = new SampleStore(1_000_000, UNLIMITED);
  for (let time = 1; time <= 10_000; time++) store.add({ metric: 'm', resource: 'a', value: time, time });
  const times = held(store, 'a').map(([time]) => time);
  expect(times.length).toBe(8_192);
  expect([times[0], times.at(-1)]).toEqual([1_809, 10_000]);
});

test('of a million series as many are held as there is room for, those that were there first, and others once these are over', () => {
  const limit = 50_000;
  const store = new SampleStore(60, { series: limit, bytes: Number.POSITIVE_INFINITY });
  let full = 0;
  for (let i = 0; i < 1_000_000; i++) {
    if (store.add({ metric: `m${i % 4}`, resource: `r${i}`, value: 1, time: 1_000 }) === 'full') full += 1;
  }
  expect([store.seriesCount, full]).toEqual([limit, 1_000_000 - limit]);
  expect(store.bytes).toBeLessThan(limit * 100);
  store.advance(1_010);
  expect(store.add({ metric: 'm0', resource: 'r0', value: 2, time: 1_010 })).toBe('kept');
  store.sweep(1_010);
  expect(store.add({ metric: 'm0', resource: 'new', value: 2, time: 1_010 })).toBe('full');
  // An hour would have to pass if there were room.
  store.sweep(1_070);
  expect(store.seriesCount).toBe(1);
  expect(store.add({ metric: 'm0', resource: 'new', value: 2, time: 1_070 })).toBe('kept');
});

test('no other series begins while the samples of those there are take all memory, and these go on', () => {
  const store = new SampleStore(100_000, { series: Number.POSITIVE_INFINITY, bytes: 1_000_000 });
  const add = (resource: string, time: number) => store.add({ metric: 'm', resource, value: 1, time });
  let time = 0;
  while (store.bytes < 1_000_000) add(`r${time % 10}`, ++time);
  expect(add('new', time)).toBe('full');
  for (let more = 1; more <= 1_000; more++) expect(add('r1', time + more)).toBe('kept');
});

test('NaN is no sample', () => {
  const store = new SampleStore(60, UNLIMITED);
  expect(store.add({ metric: 'm', resource: 'a', value: Number.NaN, time: 1 })).toBe('nan');
  expect(store.seriesCount).toBe(0);
});

test('a percentile of many samples is that of few', () => {
  const store = new SampleStore(1_000, UNLIMITED);
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
