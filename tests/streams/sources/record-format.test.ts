import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Origin, RawMessage } from '../../../streams/source.ts';
import { formatMarker, formatRecord, readRecord } from '../../../streams/sources/record-format.ts';

const RECORDINGS = new URL('../../data/recordings/', import.meta.url);
const AMQP: Origin = {
  transport: 'amqp',
  exchange: 'nova',
  routingKey: 'versioned_notifications.info',
  redelivered: false,
  properties: { contentType: 'application/json', headers: {}, deliveryMode: 2, priority: 0, messageId: undefined },
};
const KAFKA: Origin = {
  transport: 'kafka',
  topic: 'versioned_notifications.info',
  partition: 3,
  offset: '114',
  timestamp: '1795400640046',
  key: null,
  headers: { a: 'b' },
};

function message(body: Uint8Array, origin: Origin): RawMessage {
  return { body, origin, arrived: 1795398383916, ack: () => undefined };
}

function firstLineOf(recording: string): string {
  const [line] = readFileSync(new URL(recording, RECORDINGS), 'utf8').split('\n');
  if (line === undefined) throw new Error(`${recording} is empty`);
  return line;
}

describe('a record', () => {
  test.each(['live-migration.jsonl', 'kafka/live-migration.jsonl'])(
    'reads and writes a line of %s to the same fields',
    (recording) => {
      const line: Record<string, unknown> = JSON.parse(firstLineOf(recording));
      const read = readRecord(line);
      if (read.kind !== 'message' || read.origin === undefined) throw new Error('not read as a message');
      const { arrived, arrived_ns, ...written } = JSON.parse(formatRecord(message(read.body, read.origin), 1));
      const { arrived: at, arrived_ns: atNanos, ...expected } = line;
      expect(written).toEqual(expected);
      expect([typeof arrived, typeof arrived_ns]).toEqual([typeof at, typeof atNanos]);
      expect(read.arrived).toBeCloseTo(Number(atNanos) / 1e6, 2);
    },
  );

  test('writes its fields in the order of the recordings, on one line', () => {
    const line = formatRecord(message(Buffer.from('a\nb'), AMQP), 7);
    expect(Object.keys(JSON.parse(line))).toEqual(Object.keys(JSON.parse(firstLineOf('live-migration.jsonl'))));
    expect(line).not.toContain('\n');
  });

  test('tells the time to the nanosecond without rounding', () => {
    const line = formatRecord(message(Buffer.from('{}'), AMQP), 1);
    expect(line).toContain('"arrived":"2026-11-23T01:46:23.916000+00:00","arrived_ns":1795398383916000000,');
  });

  test.each([AMQP, KAFKA])('keeps what the transport said ($transport)', (origin) => {
    const read = readRecord(JSON.parse(formatRecord(message(Buffer.from('{}'), origin), 1)));
    expect(read).toMatchObject({ kind: 'message', origin: JSON.parse(JSON.stringify(origin)), arrived: 1795398383916 });
  });

  test('keeps every body exactly, whether or not it is UTF-8', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text, 'utf8')),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const read = readRecord(JSON.parse(formatRecord(message(body, AMQP), 1)));
        expect(read.kind === 'message' && Buffer.compare(read.body, body)).toBe(0);
      }),
    );
  });

  test('names the body by its bytes where it is not text', () => {
    const line = JSON.parse(formatRecord(message(Buffer.from([0xff, 0x00]), AMQP), 1));
    expect(line).toMatchObject({ body_base64: '/wA=', body_length: 2 });
    expect(line).not.toHaveProperty('body');
  });
});

describe('a line that is no record', () => {
  test('with a marker says what the recorder says of itself', () => {
    expect(readRecord(JSON.parse(formatMarker('connection lost', 1000)))).toEqual({
      kind: 'marker',
      text: 'connection lost',
    });
    expect(formatMarker('reconnected', 1795398383916)).toContain('"at_ns":1795398383916000000');
  });

  test.each([{ 'oslo.version': '2.0' }, { event_type: 'x' }, { body: 3 }, [], 'text', 5, null, undefined])(
    'is a bare body: %j',
    (line) => {
      expect(readRecord(line)).toEqual({ kind: 'bare' });
    },
  );

  test('without a readable time of arrival still is a record', () => {
    const read = readRecord(JSON.parse(firstLineOf('startup.jsonl')));
    expect(read).toMatchObject({ kind: 'message', arrived: undefined, origin: { transport: 'amqp' } });
  });

  test('of an unknown transport still gives its body', () => {
    expect(readRecord({ body: 'x', transport: 'pigeon' })).toMatchObject({ kind: 'message', origin: undefined });
  });
});
