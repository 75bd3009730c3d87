import { expect, it } from 'vitest';
import { nextRun } from '../../../src/audits/schedule.ts';

const NEW_YEAR = Date.parse('2026-01-01T00:00:00Z');

it.each([
  ['90', '2026-01-01T00:01:30.000Z'],
  ['0 3 * * *', '2026-01-01T03:00:00.000Z'],
  ['0 3 * * * 30', '2026-01-01T03:00:30.000Z'], // seconds stand behind the five, as in a Watcher
  ['30 0 3 * * *', '2026-01-03T00:30:00.000Z'],
  ['0 3 * * * 30 2030', '2030-01-01T03:00:30.000Z'],
  ['@hourly', '2026-01-01T01:00:00.000Z'],
  ['0 0 13 * 5', '2026-01-02T00:00:00.000Z'], // the 13th, or a Friday
  ['CRON_TZ=Europe/Vienna 0 3 * * *', '2026-01-01T02:00:00.000Z'],
  ['CRON_TZ=Europe/Vienna 0 3 * * * 5', '2026-01-01T02:00:05.000Z'],
])('the interval %s comes next at %s', (interval, expected) => {
  expect(new Date(nextRun(interval, NEW_YEAR) ?? 0).toISOString()).toBe(expected);
});
