import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertSource } from '../../../../streams/metrics/sources/alerts.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const source = new AlertSource({ name: 'alerts', interval: 10, forget: 100, now: () => Date.now() / 1_000 });
  const told: (readonly [metric: string, host: string | undefined, value: number, time: number])[] = [];
  source.samples$.subscribe(({ measurements, done }) => {
    told.push(...measurements.map(({ metric, labels, value, time }) => [metric, labels.host, value, time] as const));
    done({ taken: measurements.length, refused: [] });
  });
  const alert = (host: string, firing: boolean) => ({ fingerprint: host, name: 'Hot', firing, labels: { host } });
  return { source, told, alert };
}

describe('an alert', () => {
  it('is 1 for as long as it fires, told again and again, and 0 once it ended', async () => {
    const { source, told, alert } = start();
    expect(await source.tell([alert('h1', true)])).toEqual({ taken: 1, refused: [] });
    vi.advanceTimersByTime(25_000);
    await source.tell([alert('h1', false)]);
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual([
      ['Hot', 'h1', 1, 0],
      ['Hot', 'h1', 1, 10],
      ['Hot', 'h1', 1, 20],
      ['Hot', 'h1', 0, 25],
    ]);
  });

  it('that Alertmanager does not tell again is forgotten in the end, without a word that it ended', async () => {
    const { source, told, alert } = start();
    await source.tell([alert('h1', true)]);
    vi.advanceTimersByTime(90_000);
    await source.tell([alert('h2', true)]);
    told.length = 0;
    vi.advanceTimersByTime(20_000);
    expect(told.map(([, host]) => host)).toEqual(['h1', 'h2', 'h2']);
  });
});
