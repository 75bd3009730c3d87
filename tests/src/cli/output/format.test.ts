import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Format, formatList, formatOne } from '../../../../src/cli/output/format.ts';
import type { Fields } from '../../../../src/client/fields.ts';

const ROWS: readonly Fields[] = [
  { uuid: 'a', name: 'web, "blue"', flavor: { name: 'm1.small', vcpus: 2 }, tags: ['x', 'y'], note: null },
  { uuid: 'b', name: 'db', flavor: null, tags: [], note: 'two\nlines' },
];
const USUAL = ['uuid', 'name', 'flavor.name'];

function list(format: Format, columns: readonly string[] = []): string {
  return stripVTControlCharacters(formatList(ROWS, USUAL, { format, columns }));
}

describe('a list', () => {
  it('is a table of the usual columns, for people', () => {
    expect(list('table')).toBe(
      ['UUID  NAME         FLAVOR NAME', 'a     web, "blue"  m1.small', 'b     db           -'].join('\n'),
    );
  });

  it('shows lists and objects in words, and nothing that steers the terminal', () => {
    expect(list('table', ['flavor', 'tags', 'note'])).toBe(
      [
        'FLAVOR                  TAGS  NOTE',
        'name=m1.small, vcpus=2  x, y  -',
        '-                       -     two?lines',
      ].join('\n'),
    );
  });

  it('is quoted as spreadsheets read it', () => {
    expect(list('csv', ['name', 'tags', 'note'])).toBe(
      ['name,tags,note', '"web, ""blue""","[""x"",""y""]",', 'db,[],"two\nlines"'].join('\n'),
    );
  });

  it.each(['json', 'yaml'] as const)('is all there is as %s, for programs', (format) => {
    expect(parse(list(format))).toEqual(ROWS);
  });

  it('has only the columns asked for, in their order', () => {
    expect(JSON.parse(list('json', ['flavor.name', 'uuid']))).toEqual([
      { 'flavor.name': 'm1.small', uuid: 'a' },
      { 'flavor.name': null, uuid: 'b' },
    ]);
  });

  it('refuses a column that is not there, and says which was meant', () => {
    expect(() => list('table', ['nmae'])).toThrow(/no column nmae \(did you mean name\?\); there are uuid, name/);
  });

  it('keeps its columns whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.anything({ withBigInt: false }), b: fc.constant('end') })), (rows) => {
        const plain = JSON.parse(JSON.stringify(rows)) as Fields[];
        const text = stripVTControlCharacters(formatList(plain, ['a', 'b'], { format: 'table', columns: [] }));
        const [head = '', ...lines] = text.split('\n');
        expect(lines).toHaveLength(rows.length);
        for (const line of lines) expect(line.slice(head.indexOf('B', 1))).toBe('end');
      }),
    );
  });
});

describe('one thing', () => {
  const one = { uuid: 'a', state: 'PENDING', scope: [] };

  it('is a row a field', () => {
    const text = stripVTControlCharacters(formatOne(one, { format: 'table', columns: [] }));
    expect(text).toBe(['FIELD  VALUE', 'uuid   a', 'state  PENDING', 'scope  -'].join('\n'));
    expect(formatOne(one, { format: 'csv', columns: ['state'] })).toBe('field,value\nstate,PENDING');
  });

  it('is an object for programs', () => {
    expect(JSON.parse(formatOne(one, { format: 'json', columns: [] }))).toEqual(one);
    expect(parse(formatOne(one, { format: 'yaml', columns: ['uuid'] }))).toEqual({ uuid: 'a' });
  });
});
