import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRevisions, makeRevision, NO_REVISION, parseRevision, type Revision } from '../../model/revision.ts';

const number = fc.integer({ min: 0, max: 999_999_999_999_999 });
const revisions = fc.tuple(number, number).map(([epoch, seq]) => makeRevision(epoch, seq));

describe('a revision', () => {
  it('is read as what it was made of', () => {
    fc.assert(
      fc.property(number, number, (epoch, seq) => {
        expect(parseRevision(makeRevision(epoch, seq))).toEqual({ epoch, seq });
      }),
    );
  });

  it('is not read out of anything else', () => {
    const texts = [
      '',
      '-',
      '1',
      '1-',
      '-1',
      '1-2-3',
      '1--2',
      ' 1-2',
      '1-2\n',
      '1-2 ',
      '0x1-2',
      '1e3-2',
      '1.5-2',
      '+1-2',
      '١-٢',
    ];
    for (const text of [...texts, `${'9'.repeat(16)}-1`, `1-${'9'.repeat(400)}`])
      expect(parseRevision(text)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d+-\d+$/.test(text));
        expect(parseRevision(text)).toBeNull();
      }),
    );
  });

  it('comes after another by epoch, then by number', () => {
    expect(compareRevisions('1-10', '1-9')).toBeGreaterThan(0);
    expect(compareRevisions('2-0', '1-999')).toBeGreaterThan(0);
    expect(compareRevisions('10-0', '9-0')).toBeGreaterThan(0);
    expect(compareRevisions(NO_REVISION, '0-1')).toBeLessThan(0);
  });

  it('is in one total order with all others', () => {
    fc.assert(
      fc.property(revisions, revisions, revisions, (a, b, c) => {
        expect(compareRevisions(a, a)).toBe(0);
        expect(Math.sign(compareRevisions(a, b))).toBe(-Math.sign(compareRevisions(b, a)));
        const [x, y, z] = [a, b, c].sort(compareRevisions) as [Revision, Revision, Revision];
        expect(compareRevisions(x, y)).toBeLessThanOrEqual(0);
        expect(compareRevisions(x, z)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('cannot be compared with what is none', () => {
    expect(() => compareRevisions('1-2', 'x' as Revision)).toThrow(TypeError);
  });
});
