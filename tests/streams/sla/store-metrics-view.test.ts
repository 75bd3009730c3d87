import { expect, test } from 'vitest';
import { metricsViewOf } from '../../../streams/sla/store-metrics-view.ts';
import { SampleStore, UNLIMITED } from '../../../streams/sla/windows/sample-store.ts';

test('strategies read the samples of a window up to now, and nothing of what is not measured', () => {
  const store = new SampleStore(600, UNLIMITED);
  for (const [time, value] of [
    [40, 4],
    [10, 1],
    [20, 3],
    [90, 9],
  ] as const) {
    store.add({ metric: 'cpu_util', resource: 'a', value, time });
  }
  const view = metricsViewOf(store, 50);
  expect(view.mean('cpu_util', 'a', 40)).toBe(3.5);
  expect(view.series('cpu_util', 'a', 40)).toEqual([
    [20, 3],
    [40, 4],
  ]);
  expect(view.mean('cpu_util', 'a', 5)).toBeNull();
  expect(view.mean('cpu_util', 'b', 40)).toBeNull();
  expect(view.series('io_wait', 'a', 40)).toEqual([]);
});
