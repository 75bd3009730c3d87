import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEnvelope } from '../../../streams/decode/envelope.ts';
import { peekEvent } from '../../../streams/decode/peek.ts';
import { bodies, changed, envelope, firstOf, messageOf } from '../messages.ts';

const update = firstOf('live_migration_success', 'instance.update');

describe('the event type seen without parsing', () => {
  it('is that of the whole message, for every recorded one', () => {
    for (const body of bodies) expect(peekEvent(body)).toBe(decodeEnvelope(body).event);
  });

  it('is seen in a view into a larger buffer', () => {
    const body = envelope(update);
    const larger = Buffer.concat([Buffer.alloc(17, '{'), body, Buffer.alloc(17, '}')]);
    expect(peekEvent(new Uint8Array(larger.buffer, larger.byteOffset + 17, body.length))).toBe('instance.update');
    expect(peekEvent(new Uint8Array(body))).toBe('instance.update');
  });

  it('is not seen in a message that was cut off, at any byte', () => {
    const body = envelope(update);
    for (let length = 0; length < body.length; length++) expect(peekEvent(body.subarray(0, length))).toBeNull();
  });

  it('is never taken from a payload or another field, whatever they say', () => {
    const lure = '", "event_type": "instance.exists"';
    const lures = [lure, lure.replaceAll('"', '\\"'), lure.replaceAll('"', '\\\\"'), `x${lure}}"}`];
    const text = fc.oneof(fc.constantFrom(...lures), fc.string());
    const said = fc.record({ message_id: text, publisher_id: text, name: text, other: text });
    fc.assert(
      fc.property(said, ({ message_id, publisher_id, name, other }) => {
        const message = changed(update, { display_name: name, [other]: other }, { message_id, publisher_id });
        const body = envelope(message);
        expect([null, 'instance.update']).toContain(peekEvent(body));
        expect(messageOf(body)).toEqual(message);
      }),
    );
  });

  it('is left to decoding when the message is written in another way', () => {
    const { event_type, ...rest } = update;
    expect(peekEvent(envelope({ event_type, ...rest }))).toBeNull();
    expect(peekEvent(envelope({ ...update, event_type: 'Instance.Update' }))).toBeNull();
    expect(peekEvent(Buffer.from(JSON.stringify(update)))).toBeNull();
    expect(peekEvent(Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': update })))).toBeNull();
    expect(peekEvent(Buffer.alloc(0))).toBeNull();
  });
});
