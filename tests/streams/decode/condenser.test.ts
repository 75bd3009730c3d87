import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Condenser } from '../../../streams/decode/condenser.ts';
import { NameFilter } from '../../../streams/decode/name-filter.ts';
import { bodies, envelope, type Json } from '../messages.ts';

const condenser = new Condenser(new NameFilter(['id', 'data', 'name', 'last'], ['map']), 'last');

function condensed(message: unknown): unknown {
  const text = condenser.condense(envelope(message));
  return text === null ? null : JSON.parse(text);
}

/** What is to be left of a value, made from the parsed one. */
function expected(value: Json): Json {
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => ['id', 'data', 'name', 'last', 'map'].includes(name));
  return Object.fromEntries(kept.map(([name, field]) => [name, name === 'map' ? field : expected(field)]));
}

describe('a condensed message', () => {
  it('has the fields that are read, at any depth, and no others', () => {
    const message = {
      ...{ id: 'a', priority: 'INFO', data: { data: { name: 'b', version: '1.0', list: [1] }, other: { name: 'c' } } },
      last: 'd',
    };
    expect(condensed(message)).toEqual({ id: 'a', data: { data: { name: 'b' } }, last: 'd' });
  });

  it('has all that is in a field that is kept as it is', () => {
    const map = { any: 'thing', deep: [{ er: {} }] };
    expect(condensed({ id: 'a', map, last: 'd' })).toEqual({ id: 'a', map, last: 'd' });
  });

  it('ends with the last field that is read, but not with one of that name within another', () => {
    expect(condensed({ data: { last: 'a', name: 'b' }, last: 'c', id: 'd' })).toEqual({
      data: { last: 'a', name: 'b' },
      last: 'c',
    });
  });

  it('says what the message says, whatever its texts are and whatever is left out', () => {
    const hostile = fc.constantFrom('"', '\\', '\\"', '}', '{', ',', ':', '"id": "x"', 'ü\u2028', '\\u0041', '');
    const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), hostile);
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(null, true)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('id', 'data', 'name', 'map', 'left', 'out', ''), tie('value'), { maxKeys: 5 }),
      ),
    }));
    const message = fc.dictionary(fc.constantFrom('id', 'data', 'left', 'map', 'name'), value);
    fc.assert(
      fc.property(message, fc.string(), (fields, last) => {
        const whole = JSON.parse(JSON.stringify({ ...fields, last })) as Json;
        const body = envelope(whole);
        const read = condenser.condense(body);
        const isAscii = body.every((byte) => byte < 0x80);
        if (read !== null) expect(JSON.parse(read)).toEqual(expected(whole));
        else expect(isAscii).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is made of every recorded message of nova, and is a third of it', () => {
    let [before, after] = [0, 0];
    const names = ['message_id', 'event_type', 'payload', 'nova_object.data', 'uuid', 'host', 'timestamp'];
    const few = new Condenser(new NameFilter(names, []), 'timestamp');
    for (const body of bodies) {
      before += body.length;
      after += few.condense(body)?.length ?? body.length;
    }
    expect(after).toBeLessThan(before / 3);
  });
});

describe('a message is left to be parsed as a whole', () => {
  const message = { id: 'a', data: { name: 'b' }, last: 'c' };
  const body = envelope(message).toString();

  it.each([
    ['bare', JSON.stringify(message)],
    ['in an envelope that is written otherwise', body.replace('": "', '":"')],
    ['with more after it', `${body} `],
    ['with a name that has to be unescaped', envelope({ 'i"d': 'a', ...message }).toString()],
    ['with a comma too many', body.replace('}, ', ',}, ')],
    ['with a comma too few', body.replace(', \\"data', ' \\"data')],
    ['with a bracket of another kind', body.replace('{\\"name\\": \\"b\\"}', '[\\"b\\"}')],
    ['with a quote that nobody closes', body.replace('\\"b\\"', '\\"b')],
    ['with an escape that no JSON has', body.replace('\\"b\\"', '\\"b\\n\\"')],
    ['empty', ''],
  ])('%s', (_, text) => {
    const read = condenser.condense(Buffer.from(text));
    expect(read === null || isUnreadable(read)).toBe(true);
  });

  it('when it is larger or deeper than any usual one', () => {
    expect(condenser.condense(envelope({ ...message, name: 'x'.repeat(65_536) }))).toBeNull();
    const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as Json;
    expect(condenser.condense(envelope({ ...message, name: deep, last: 'c' }))).not.toBeNull();
    expect(condenser.condense(envelope({ name: deep, last: 'c' }))).toBeNull();
  });

  it('when it is cut off, at any byte', () => {
    const whole = envelope(message);
    for (let length = 0; length < whole.length; length++)
      expect(condenser.condense(whole.subarray(0, length))).toBeNull();
  });
});

function isUnreadable(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
