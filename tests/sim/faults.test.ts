import { describe, expect, test } from 'vitest';
import { computeSkew, withFaults } from '../../sim/faults.ts';
import { createSimulatedCloud } from '../../sim/index.ts';

const NUMBERS = Array.from({ length: 2000 }, (_, i) => i);

describe('faults on the way', () => {
  test('none by default', () => {
    expect([...withFaults(NUMBERS, { seed: 1 })]).toEqual(NUMBERS);
  });

  test('reordering lets a message be overtaken, loses none and keeps within its window at the front', () => {
    const got = [...withFaults(NUMBERS, { seed: 1, reorder: 50 })];
    expect(got).not.toEqual(NUMBERS);
    expect([...got].sort((a, b) => a - b)).toEqual(NUMBERS);
    expect(got.every((number, place) => number <= place + 50)).toBe(true);
  });

  test('duplicates come as often as asked', () => {
    const got = [...withFaults(NUMBERS, { seed: 1, duplicate: 0.25 })];
    expect(new Set(got).size).toBe(2000);
    expect(got.length).toBeGreaterThan(2400);
    expect(got.length).toBeLessThan(2600);
  });

  test('what is dropped is told', () => {
    const dropped: number[] = [];
    const got = [...withFaults(NUMBERS, { seed: 1, drop: 0.1 }, (number) => dropped.push(number))];
    expect([...got, ...dropped].sort((a, b) => a - b)).toEqual(NUMBERS);
    expect(dropped.length).toBeGreaterThan(150);
  });

  test('are the same from the same seed', () => {
    const faults = { seed: 3, reorder: 20, duplicate: 0.1, drop: 0.1 };
    expect([...withFaults(NUMBERS, faults)]).toEqual([...withFaults(NUMBERS, faults)]);
  });
});

describe('skewed clocks', () => {
  test('are those of compute hosts, each off by as much all the time', () => {
    const cloud = createSimulatedCloud({ seed: 2, operationsPerSecond: 20 });
    const right = createSimulatedCloud({ seed: 2, operationsPerSecond: 20 });
    cloud.cloud.setSkew(computeSkew(9, 300));
    const times = [...right.emissions(2000)].map(({ time }) => time);
    const skews = new Map<string, Set<number>>();
    [...cloud.emissions(2000)].forEach(({ publisherId, time }, i) => {
      const sender = publisherId.slice(publisherId.indexOf(':') + 1);
      const kind = sender.startsWith('controller') ? 'controllers' : sender;
      skews.set(kind, (skews.get(kind) ?? new Set()).add(time - (times[i] ?? 0)));
    });
    expect(skews.get('controllers')).toEqual(new Set([0]));
    for (const [sender, off] of skews) expect([sender, off.size]).toEqual([sender, 1]);
    const most = Math.max(...[...skews.values()].map(([off]) => Math.abs(off ?? 0)));
    expect(most).toBeGreaterThan(100_000_000);
    expect(most).toBeLessThan(300_000_000);
  });
});
