import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ServerClock } from '../../../src/openstack/server-clock.ts';

const START = Date.UTC(2026, 10, 23) * 1000;
const SECOND = 1_000_000;

it('is ours as long as nothing was measured', () => {
  const clock = new ServerClock();
  expect([clock.atLeast(START), clock.atMost(START)]).toEqual([START, START]);
  clock.observe(undefined, START, START);
  clock.observe('yesterday', START, START);
  expect(clock.offset).toBe(0);
});

it('never tells a time later than it was, nor the upper bound an earlier one', () => {
  const exchange = fc.record({
    pause: fc.integer({ min: 0, max: 20 * SECOND }),
    there: fc.integer({ min: 0, max: 2 * SECOND }),
    back: fc.integer({ min: 0, max: 2 * SECOND }),
  });
  const offset = fc.integer({ min: -3600 * SECOND, max: 3600 * SECOND });
  fc.assert(
    fc.property(offset, fc.array(exchange, { minLength: 1 }), (ahead, exchanges) => {
      const clock = new ServerClock();
      let now = START;
      for (const { pause, there, back } of exchanges) {
        now += pause;
        const answered = now + there + ahead;
        const date = new Date(Math.floor(answered / SECOND) * 1000).toUTCString();
        clock.observe(date, now, now + there + back);
        expect(clock.atLeast(now)).toBeLessThanOrEqual(now + ahead);
        expect(clock.atMost(now)).toBeGreaterThanOrEqual(now + ahead);
        now += there + back;
      }
    }),
  );
});

it('becomes exact with many answers, and follows when the clock is set', () => {
  const clock = new ServerClock();
  const ask = (at: number, ahead: number): void => {
    const date = new Date(Math.floor((at + ahead) / SECOND) * 1000).toUTCString();
    clock.observe(date, at, at + 10_000);
  };
  for (let i = 0; i < 50; i++) ask(START + i * 73_000, 5 * SECOND);
  expect(Math.abs(clock.offset - 5 * SECOND)).toBeLessThan(100_000);
  ask(START + 5 * SECOND, -100 * SECOND);
  expect(Math.abs(clock.offset + 100 * SECOND)).toBeLessThan(1.1 * SECOND);
});
