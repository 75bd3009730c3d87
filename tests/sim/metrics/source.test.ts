import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { metricSource } from '../../../sim/metrics/source.ts';
import type { MetricBatch } from '../../../streams/metrics/measurement.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('measures at its interval, never while a batch is not done, and not once nobody listens', () => {
  const measurement = { metric: 'cpu_util', labels: { host: 'h' }, value: 1, time: 2 };
  const source = metricSource('sim', () => [measurement], 5_000);
  const batches: MetricBatch[] = [];
  const events: string[] = [];
  source.events$.subscribe(({ kind }) => events.push(kind));
  const subscription = source.samples$.subscribe((batch) => batches.push(batch));
  vi.advanceTimersByTime(5_000);
  expect(batches.map(({ measurements }) => measurements)).toEqual([[measurement]]);
  vi.advanceTimersByTime(20_000);
  expect(batches).toHaveLength(1);
  batches[0]?.done({ taken: 1, refused: [] });
  vi.advanceTimersByTime(5_000);
  expect(batches).toHaveLength(2);
  batches[1]?.done({ taken: 1, refused: [] });
  subscription.unsubscribe();
  vi.advanceTimersByTime(20_000);
  expect(batches).toHaveLength(2);
  expect(events).toEqual(['connected', 'ended']);
});
