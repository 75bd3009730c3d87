import { Observable, take, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { Attempts, backoff, reconnecting } from '../../../streams/sources/backoff.ts';

const LIMITS = { first: 100, most: 1000 };

describe('the delay before the next attempt', () => {
  test('doubles up to its limit', () => {
    const longest = [1, 2, 3, 4, 5, 6, 1000].map((failures) => backoff(failures, LIMITS, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
  });

  test('is shortened by up to a half at random', () => {
    expect(backoff(1, LIMITS, () => 0)).toBe(50);
    expect(backoff(1, LIMITS, () => 0.5)).toBe(75);
  });
});

describe('reconnecting', () => {
  test('tells of each error and subscribes again', async () => {
    const errors: unknown[] = [];
    let attempt = 0;
    const source$ = new Observable<number>((subscriber) => {
      attempt++;
      if (attempt < 3) subscriber.error(`failure ${attempt}`);
      else subscriber.next(attempt);
    });
    const limits = { first: 1, most: 2 };
    const values = await new Promise((resolve) => {
      const tell = (error: unknown): number => errors.push(error);
      source$.pipe(reconnecting(new Attempts(), tell, limits), take(1), toArray()).subscribe(resolve);
    });
    expect([values, errors]).toEqual([[3], ['failure 1', 'failure 2']]);
  });
});

test('attempts are counted from the last one that held', () => {
  const attempts = new Attempts();
  expect([attempts.failed(), attempts.failed()]).toEqual([1, 2]);
  attempts.held();
  expect(attempts.failed()).toBe(1);
});
