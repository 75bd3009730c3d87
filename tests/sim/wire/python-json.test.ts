import { describe, expect, test } from 'vitest';
import { pyJson, pyString } from '../../../sim/wire/python-json.ts';

describe('JSON as Python writes it', () => {
  test('has a space after each colon and comma', () => {
    expect(pyJson({ a: [1, true, null], b: { c: 'x' } })).toBe('{"a": [1, true, null], "b": {"c": "x"}}');
    expect(pyJson([])).toBe('[]');
    expect(pyJson({})).toBe('{}');
  });

  test('escapes all but printable ASCII', () => {
    expect(pyString('näh\x7f')).toBe('"n\\u00e4h\\u007f"');
    expect(pyString('😀')).toBe('"\\ud83d\\ude00"');
    expect(pyString('a"b\\c\n\t\x01')).toBe('"a\\"b\\\\c\\n\\t\\u0001"');
  });

  test('can be read back', () => {
    const text = 'quote " backslash \\ newline \n umlaut ü emoji 😀 control \u0007';
    expect(JSON.parse(pyString(text))).toBe(text);
  });
});
