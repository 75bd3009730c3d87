import { take } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stepTimes } from '../../../streams/sla/steps.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_007_300 }));
afterEach(() => void vi.useRealTimers());

test('steps come at the whole multiples, each once, also when a timer is a moment early', async () => {
  const told: number[] = [];
  // A clock that is behind the timers by up to two milliseconds.
  const now = (): number => (Date.now() - 2) / 1_000;
  stepTimes(15, now)
    .pipe(take(3))
    .subscribe((time) => told.push(time));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([1_020, 1_035, 1_050]);
});
