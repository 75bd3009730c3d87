import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { SseWriter } from '../../../../src/api/stream/sse-writer.ts';

const CHUNKS = 50;
const CHUNK = 'x'.repeat(100_000);

it.each([
  ['at once', (done: () => void) => done()],
  ['a moment later', (done: () => void) => process.nextTick(done)],
])('gives way to others after each chunk, though the connection takes each %s', async (_, take) => {
  let taken = 0;
  const out = new Writable({
    highWaterMark: 1,
    write(_chunk, _encoding, done) {
      taken += 1;
      take(done);
    },
  });
  const told = { textAt: () => null, position: () => undefined, startOver: () => undefined };
  const writer = new SseWriter(
    out as unknown as ServerResponse,
    { start: 0, end: 0, generation: 0 },
    told,
    () => undefined,
  );
  writer.place = 0;
  writer.before = Array.from({ length: CHUNKS }, () => CHUNK).values();
  writer.pump();
  expect(taken).toBe(1);
  while (taken < CHUNKS) {
    const before = taken;
    await new Promise(setImmediate);
    expect(taken - before).toBeLessThanOrEqual(1);
  }
});
