import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, MAX_BODY_BYTES, quote } from '../../../streams/decode/envelope.ts';
import { Undecodable, type UndecodableReason } from '../../../streams/decode/undecodable.ts';
import { bodies, envelope, firstOf, type Json, messageOf } from '../messages.ts';

const message = firstOf('live_migration_success', 'instance.update');

/** The reason a body is refused for; fails when it is not, or in another way. */
function refused(body: Uint8Array): UndecodableReason {
  try {
    decodeEnvelope(body);
  } catch (error) {
    if (error instanceof Undecodable) return error.reason;
    throw error;
  }
  throw new Error('it was decoded');
}

describe('an envelope', () => {
  it('of every recorded message is read as what it says', () => {
    for (const body of bodies) {
      const { message_id, publisher_id, event_type, timestamp, payload } = messageOf(body);
      const { id, publisher, event, time, payload: read } = decodeEnvelope(body);
      expect({ id, publisher, event, read }).toEqual({
        id: message_id,
        publisher: publisher_id,
        event: event_type,
        read: payload,
      });
      expect(new Date(Math.floor(time / 1_000)).toISOString().slice(0, 19)).toBe(
        timestamp.replace(' ', 'T').slice(0, 19),
      );
    }
  });

  it('may be left out, or hold the message as an object', () => {
    const told = decodeEnvelope(envelope(message));
    expect(decodeEnvelope(Buffer.from(JSON.stringify(message)))).toEqual(told);
    expect(decodeEnvelope(Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': message })))).toEqual(
      told,
    );
  });

  it('may have fields and a version that nobody knows yet', () => {
    const more = { ...message, novel: [1], payload: { ...message.payload, 'nova_object.version': '99.0' } };
    const body = { 'oslo.version': '3.7', 'oslo.message': JSON.stringify(more), 'oslo.novel': {} };
    expect(decodeEnvelope(Buffer.from(JSON.stringify(body)))).toMatchObject({ id: message.message_id });
  });

  it.each(['message_id', 'publisher_id', 'event_type', 'timestamp'])('is refused without a usable %s', (field) => {
    const wrong: unknown[] = [undefined, null, '', 7, true, [], {}, 'x'.repeat(10_000)];
    for (const value of wrong)
      expect(refused(envelope({ ...message, [field]: value ?? null }))).toBe('not-an-envelope');
    const without = Object.fromEntries(Object.entries(message).filter(([name]) => name !== field));
    expect(refused(envelope(without))).toBe('not-an-envelope');
    expect(() => decodeEnvelope(envelope(without))).toThrow(field);
  });

  it('names the longest publisher that nova can have', () => {
    const publisher_id = `nova-conductor:${'h'.repeat(255)}`;
    expect(decodeEnvelope(envelope({ ...message, publisher_id })).publisher).toBe(publisher_id);
  });

  it('is refused when the time is none', () => {
    for (const timestamp of ['yesterday', '2026-13-01 00:00:00', '2026-02-30 00:00:00', '1790000000']) {
      expect(refused(envelope({ ...message, timestamp }))).toBe('not-an-envelope');
    }
  });

  it('is read alike whatever stands after its time, and wherever its fields stand', () => {
    const { timestamp, payload, ...rest } = message;
    const told = decodeEnvelope(envelope(message));
    const within = { ...payload, 'nova_object.data': { ...payload['nova_object.data'], timestamp } };
    expect(decodeEnvelope(envelope({ ...rest, payload, timestamp, _context: { timestamp: 'later' } }))).toEqual(told);
    expect(decodeEnvelope(envelope({ timestamp, ...rest, payload }))).toEqual(told);
    expect(decodeEnvelope(envelope({ ...rest, timestamp, payload }))).toEqual(told);
    expect(decodeEnvelope(envelope({ ...rest, payload: within, timestamp }))).toEqual({ ...told, payload: within });
  });

  it('is refused when it is JSON but no object', () => {
    for (const text of ['null', '1', '"text"', '[]', '[{}]']) {
      expect(refused(Buffer.from(text))).toBe('not-an-envelope');
      expect(refused(Buffer.from(JSON.stringify({ 'oslo.message': text })))).toBe('not-an-envelope');
    }
    expect(refused(Buffer.from(JSON.stringify({ 'oslo.message': 'not JSON' })))).toBe('not-json');
    expect(refused(Buffer.from('{}'))).toBe('not-an-envelope');
  });

  it('is refused cut off at any byte, wrapped or bare', () => {
    for (const whole of [envelope(message), Buffer.from(JSON.stringify(message))]) {
      for (let length = 0; length < whole.length; length++) {
        expect(['not-json', 'not-text']).toContain(refused(whole.subarray(0, length)));
      }
    }
  });

  it('is refused as too large from one byte above the limit on, before it is looked into', () => {
    const pad = (size: number): Buffer => {
      const body = envelope(message);
      return Buffer.concat([body, Buffer.alloc(size - body.length, ' ')]);
    };
    expect(decodeEnvelope(pad(MAX_BODY_BYTES)).id).toBe(message.message_id);
    expect(refused(pad(MAX_BODY_BYTES + 1))).toBe('too-large');
    expect(refused(Buffer.alloc(10 * 1024 * 1024, 0xff))).toBe('too-large');
  });

  it('is refused when it is not UTF-8', () => {
    const latin1 = Buffer.from(JSON.stringify({ ...message, publisher_id: 'nova-compute:Zürich' }), 'latin1');
    expect(refused(latin1)).toBe('not-text');
  });

  it('of random bytes is refused and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['not-text', 'not-json', 'not-an-envelope']).toContain(refused(bytes));
      }),
    );
  });

  it('takes no field from a prototype and leaves prototypes alone', () => {
    const inner = JSON.stringify(message);
    expect(refused(Buffer.from(`{"__proto__": ${inner}}`))).toBe('not-an-envelope');
    expect(refused(Buffer.from(`{"oslo.message": {"__proto__": ${inner}}}`))).toBe('not-an-envelope');
    const polluting = `{"__proto__": {"polluted": true}, ${inner.slice(1)}`;
    expect(decodeEnvelope(Buffer.from(polluting)).id).toBe(message.message_id);
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  it('is refused where something nested too deeply stands in the place of a text', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(refused(Buffer.from(`{"message_id": ${deep}, "event_type": "instance.update"}`))).toBe('not-an-envelope');
    expect(refused(Buffer.from(deep))).toBe('not-an-envelope');
    const objects = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(refused(Buffer.from(`{"event_type": ${objects}}`))).toBe('not-an-envelope');
  });
});

describe('what is quoted in a reason', () => {
  it('is as it was when it is small', () => {
    for (const value of [null, true, 1.5, '', 'a "b"', [], {}, { a: [1, 'x', null] }]) {
      expect(quote(value)).toBe(JSON.stringify(value));
    }
    expect(quote(undefined)).toBe('nothing');
  });

  it('is short, whatever it is', () => {
    const texts = [fc.string({ maxLength: 500 }), fc.constant('x'.repeat(1_000_000))];
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 8 }), ...texts, fc.array(fc.string())), (value) => {
        expect(quote(value as Json).length).toBeLessThanOrEqual(81);
      }),
    );
  });
});
