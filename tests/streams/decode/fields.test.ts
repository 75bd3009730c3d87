import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../streams/decode/envelope.ts';
import {
  countField,
  flagField,
  idField,
  idList,
  optionalText,
  proseOrNull,
  textMap,
  textOrNull,
} from '../../../streams/decode/fields.ts';
import { Undecodable } from '../../../streams/decode/undecodable.ts';

const LONG = 'x'.repeat(10_000);

/** What a reader accepts as it is, and what it refuses. */
const READERS = {
  idField: {
    read: idField,
    takes: ['a', 'ü', 'x'.repeat(255), 'a b'],
    refuses: [undefined, null, '', LONG, 'a\nb', 7],
  },
  textOrNull: { read: textOrNull, takes: [null, '', 'a\nb', 'x'.repeat(255)], refuses: [undefined, LONG, 7, true, []] },
  countField: { read: countField, takes: [0, 1, 2 ** 53 - 1], refuses: [undefined, null, -1, 1.5, 2 ** 53, '1', []] },
  flagField: { read: flagField, takes: [true, false], refuses: [undefined, null, 0, 'true', {}] },
  textMap: {
    read: textMap,
    takes: [{}, { a: 'b' }, JSON.parse('{"__proto__": "b", "toString": "c"}'), { ['k'.repeat(255)]: 'v'.repeat(255) }],
    refuses: [undefined, null, 'a', ['a'], { a: null }, { a: 1 }, { a: { b: 'c' } }, { a: LONG }, { [LONG]: 'a' }],
  },
} as const;

describe.each(Object.entries(READERS))('%s', (_, { read, takes, refuses }) => {
  it('takes what nova can send as it is', () => {
    for (const value of takes) expect(read({ field: value }, 'field')).toEqual(value);
  });

  it('refuses all else, and names the field', () => {
    for (const value of refuses) {
      const error = thrownBy(() => read({ field: value }, 'field'));
      expect(error).toBeInstanceOf(Undecodable);
      expect(String(error)).toMatch(/Undecodable: field/);
      expect(String(error).length).toBeLessThan(600);
    }
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

it('a text may be missing where older payloads do not have it', () => {
  expect(optionalText({}, 'field')).toBeNull();
  expect(() => optionalText({ field: 7 }, 'field')).toThrow(Undecodable);
});

it('a list of ids is sorted and has each once', () => {
  expect(idList({ field: ['b', 'a', 'b'] }, 'field')).toEqual(['a', 'b']);
  for (const value of [null, undefined, 'a', {}, [''], [null], [LONG], Array(10_001).fill('a')]) {
    expect(() => idList({ field: value }, 'field')).toThrow(Undecodable);
  }
});

it('prose is cut, not refused', () => {
  expect(proseOrNull({ field: LONG }, 'field')).toBe('x'.repeat(1_000));
  expect(proseOrNull({}, 'field')).toBeNull();
  expect(proseOrNull({ field: null }, 'field')).toBeNull();
  expect(() => proseOrNull({ field: {} }, 'field')).toThrow(Undecodable);
});

it('no field is taken from a prototype', () => {
  expect(() => textOrNull(JSON.parse('{"__proto__": {"field": "a"}}'), 'field')).toThrow(Undecodable);
  expect(() => textMap({ field: 'toString' } as Fields, 'toString')).toThrow(Undecodable);
});
