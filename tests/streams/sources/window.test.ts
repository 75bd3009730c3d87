import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawMessage } from '../../../streams/source.ts';
import { CreditWindow, Lane } from '../../../streams/sources/window.ts';

const ORIGIN = { transport: 'simulator' } as const;

function fill(lane: Lane<number>, count: number): RawMessage[] {
  return Array.from({ length: count }, (_, index) => lane.message(new Uint8Array(), ORIGIN, index + 1));
}

describe('a credit window', () => {
  test('is open while fewer messages than its size are in flight', () => {
    const window = new CreditWindow(2);
    const [first] = fill(new Lane(window), 2);
    expect([window.inFlight, window.open]).toEqual([2, false]);
    first?.ack();
    expect([window.inFlight, window.open]).toEqual([1, true]);
  });

  test('refuses a message beyond its size', () => {
    const window = new CreditWindow(1);
    const lane = new Lane<number>(window);
    fill(lane, 1);
    expect(() => fill(lane, 1)).toThrow(/window of 1/);
  });

  test('is closed while the bodies in flight are too large together, which a single one may be', async () => {
    const window = new CreditWindow(5, 10);
    const lane = new Lane<number>(window);
    const small = lane.message(new Uint8Array(9), ORIGIN, 1);
    expect([window.open, window.hasRoom]).toEqual([true, true]);
    const large = lane.message(new Uint8Array(99), ORIGIN, 2);
    expect([window.open, window.hasRoom]).toEqual([false, false]);
    let opened = false;
    const waits = window.opened(new AbortController().signal).then(() => {
      opened = true;
    });
    small.ack();
    await Promise.resolve();
    expect(opened).toBe(false);
    large.ack();
    await waits;
    expect(window.open).toBe(true);
  });

  test('must hold at least one message', () => {
    expect(() => new CreditWindow(0)).toThrow(/at least one/);
    expect(() => new CreditWindow(1.5)).toThrow(/at least one/);
  });

  test('tells whoever waits when it opens and when nothing is in flight any more', async () => {
    const window = new CreditWindow(2);
    const [first, second] = fill(new Lane(window), 2);
    const heard: string[] = [];
    const waits = [
      window.opened(new AbortController().signal).then(() => heard.push('open')),
      window.drained().then(() => heard.push('drained')),
    ];
    await Promise.resolve();
    expect(heard).toEqual([]);
    first?.ack();
    await waits[0];
    expect(heard).toEqual(['open']);
    second?.ack();
    await waits[1];
    expect(heard).toEqual(['open', 'drained']);
  });

  test('lets go of whoever waits with an aborted signal, and stays full', async () => {
    const window = new CreditWindow(1);
    fill(new Lane(window), 1);
    const stop = new AbortController();
    const waits = [window.opened(stop.signal), window.drained(stop.signal)];
    stop.abort();
    await Promise.all(waits);
    await window.opened(stop.signal);
    expect(window.open).toBe(false);
  });

  test('counts what is in flight of all its lanes', () => {
    const window = new CreditWindow(3);
    fill(new Lane(window), 2);
    fill(new Lane(window), 1);
    expect(window.open).toBe(false);
  });
});

describe('a lane', () => {
  test('reports the contiguous acknowledged prefix, once in a turn', async () => {
    const reports: number[] = [];
    const messages = fill(new Lane<number>(new CreditWindow(5), (last) => reports.push(last)), 5);
    const ack = async (...positions: number[]): Promise<number[]> => {
      for (const position of positions) messages[position - 1]?.ack();
      await Promise.resolve();
      return reports.splice(0);
    };
    expect(await ack(2, 3)).toEqual([]);
    expect(await ack(1)).toEqual([3]);
    expect(await ack(5)).toEqual([]);
    expect(await ack(4)).toEqual([5]);
  });

  test('takes a second acknowledgement of a message for none', async () => {
    const window = new CreditWindow(3);
    const [first] = fill(new Lane(window), 3);
    first?.ack();
    first?.ack();
    expect(window.inFlight).toBe(2);
  });

  test('once closed reports nothing more, but still gives credit back', async () => {
    const window = new CreditWindow(2);
    const reports: number[] = [];
    const lane = new Lane<number>(window, (last) => reports.push(last));
    const [first, second] = fill(lane, 2);
    first?.ack();
    lane.close();
    second?.ack();
    await Promise.resolve();
    expect([reports, window.inFlight]).toEqual([[], 0]);
  });

  test('can be made to report at once', () => {
    const reports: number[] = [];
    const lane = new Lane<number>(new CreditWindow(2), (last) => reports.push(last));
    for (const message of fill(lane, 2)) message.ack();
    lane.flush();
    expect(reports).toEqual([2]);
  });

  test('whatever the order of acknowledgements: reports rise, never pass an open message, and end at the last', async () => {
    const order = fc
      .integer({ min: 1, max: 40 })
      .chain((size) => fc.shuffledSubarray(range(size), { minLength: size }));
    const scheduled = fc.tuple(order, fc.array(fc.nat({ max: 3 }), { maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(scheduled, async ([positions, pauses]) => {
        const reports: number[] = [];
        const acked = new Set<number>();
        const window = new CreditWindow(positions.length);
        const lane = new Lane<number>(window, (last) => {
          expect(range(last).every((position) => acked.has(position))).toBe(true);
          reports.push(last);
        });
        const messages = fill(lane, positions.length);
        for (const [turn, position] of positions.entries()) {
          acked.add(position);
          messages[position - 1]?.ack();
          if (pauses[turn] === 0) await Promise.resolve();
        }
        await Promise.resolve();
        expect(reports).toEqual([...new Set(reports)].sort((a, b) => a - b));
        expect(reports.at(-1)).toBe(positions.length);
        expect(window.inFlight).toBe(0);
      }),
    );
  });
});

function range(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index + 1);
}
