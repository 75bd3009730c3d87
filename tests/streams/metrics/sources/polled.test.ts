import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Provision } from '../../../../model/metrics/metric.ts';
import type { Measurement } from '../../../../streams/metrics/measurement.ts';
import { type PollOptions, polledSource, type Reading, type Span } from '../../../../streams/metrics/sources/polled.ts';
import type { SourceEvent } from '../../../../streams/source.ts';

const START = 1_800_000_007;
const provision: Provision = { by: 'node_exporter', of: 'host', query: 'q' };

beforeEach(() => {
  vi.useFakeTimers({ now: START * 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A service of which a test says what it answers; one sample a step, by default. */
class HandReader {
  readonly address = 'http://hand';
  readonly asked: (readonly [metric: string, from: number, to: number])[] = [];
  answer: (metric: string, span: Span, signal: AbortSignal) => Promise<Partial<Reading>> = async () => ({});

  async read({ metric }: { metric: string }, span: Span, signal: AbortSignal): Promise<Reading> {
    this.asked.push([metric, span.from - START, span.to - START]);
    const measurements: Measurement[] = [];
    for (let time = span.from; time <= span.to; time += span.step)
      measurements.push({ metric, labels: {}, value: 1, time });
    return { measurements, warnings: [], ...(await this.answer(metric, span, signal)) };
  }
}

function start(options: Partial<PollOptions> = {}) {
  const reader = new HandReader();
  const times: number[] = [];
  const events: SourceEvent[] = [];
  const source = polledSource({
    name: 'hand',
    kind: 'prometheus',
    queries: [{ metric: 'a', provision }],
    reader,
    interval: 10,
    oldest: 600,
    now: () => Date.now() / 1_000,
    ...options,
  });
  source.events$.subscribe((event) => events.push(event));
  const subscription = source.samples$.subscribe(({ measurements }) =>
    times.push(...measurements.map(({ time }) => time - START)),
  );
  return { reader, times, events, subscription };
}

const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe('a source that is asked at regular times', () => {
  it('asks at once, and then at whole multiples of the interval', async () => {
    const { reader, times, events } = start();
    await pass(24);
    expect(reader.asked).toEqual([
      ['a', -7, -7],
      ['a', 3, 3],
      ['a', 13, 13],
      ['a', 23, 23],
    ]);
    expect(times).toEqual([-7, 3, 13, 23]);
    expect(events.map(({ kind }) => kind)).toEqual(['connecting', 'connected']);
  });

  it('asks for what it missed as soon as there are answers again, and says once that there were none', async () => {
    const { reader, times, events } = start();
    await pass(1);
    reader.answer = () => Promise.reject(new Error('the connection was refused'));
    await pass(40);
    reader.answer = async () => ({});
    await pass(10);
    expect(reader.asked.at(-1)).toEqual(['a', 3, 43]);
    expect(times).toEqual([-7, 3, 13, 23, 33, 43]);
    expect(events.slice(2)).toEqual([
      { kind: 'waiting', detail: 'http://hand: the connection was refused' },
      { kind: 'connected', detail: 'http://hand' },
    ]);
  });

  it('asks for much that it missed in pieces, each as soon as the one before is taken', async () => {
    const { reader, times } = start();
    await pass(1);
    reader.answer = () => Promise.reject(new Error('gone'));
    await pass(400);
    reader.answer = async () => ({});
    reader.asked.length = 0;
    await pass(10);
    expect(reader.asked).toEqual([
      ['a', 3, 193],
      ['a', 203, 393],
      ['a', 403, 403],
    ]);
    expect(times).toEqual(Array.from({ length: 42 }, (_, i) => i * 10 - 7));
  });

  it('gives up what is older than it may be, and says how much', async () => {
    const { reader, events } = start({ oldest: 60 });
    await pass(1);
    reader.answer = () => Promise.reject(new Error('gone'));
    await pass(100);
    reader.answer = async () => ({});
    await pass(10);
    expect(reader.asked.at(-1)).toEqual(['a', 43, 103]);
    const gaps = events.filter(({ kind }) => kind === 'gap');
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps[0]?.detail).toContain('not asked for any more');
    expect(events.at(-1)).toMatchObject({ kind: 'connected' });
  });

  it('goes on with other queries when one fails, and names that one', async () => {
    const queries = ['a', 'b', 'c'].map((metric) => ({ metric, provision }));
    const { reader, times, events } = start({ queries });
    reader.answer = (metric) =>
      metric === 'b' ? Promise.reject(new Error('bad_data: parse error')) : Promise.resolve({});
    await pass(14);
    expect(times).toEqual([-7, -7, -7, 3, 3, 13, 13]);
    expect(events.slice(2)).toEqual([
      { kind: 'gap', detail: '1 of 3 queries to http://hand fail; b of hosts (node_exporter): bad_data: parse error' },
    ]);
  });

  it('says so when an answer may lack something', async () => {
    const { reader, events } = start();
    reader.answer = async () => ({ warnings: ['remote read failed'] });
    await pass(4);
    expect(events.at(-1)).toEqual({
      kind: 'gap',
      detail: 'http://hand answers in part; a of hosts (node_exporter): remote read failed',
    });
  });

  it('lets rounds fall out while one takes too long, and asks for them afterwards', async () => {
    const { reader, times } = start();
    await pass(1);
    let release: (reading: Partial<Reading>) => void = () => undefined;
    reader.answer = () => new Promise((resolve) => (release = resolve));
    await pass(32);
    expect(reader.asked).toHaveLength(2);
    reader.answer = async () => ({});
    release({});
    await pass(10);
    expect(times).toEqual([-7, 3, 13, 23, 33, 43].slice(0, times.length));
    expect(reader.asked.at(-1)).toEqual(['a', 13, 43]);
  });

  it('breaks off what is under way when nobody listens any more', async () => {
    const { reader, subscription } = start();
    let aborted = false;
    reader.answer = (_, __, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
      });
    await pass(3);
    subscription.unsubscribe();
    expect(aborted).toBe(true);
  });
});
