import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AbsenceRule, forEachAtOnce, suspectLimit } from '../../../src/reconcile/absence.ts';

const named = (count: number): string[] => Array.from({ length: count }, (_, i) => `i${i}`);

describe('how many suspects are asked for at once', () => {
  it.each([
    [0, 20],
    [1_999, 20],
    [2_100, 21],
    [200_000, 2_000],
  ])('of %i known it is %i', (known, limit) => {
    expect(suspectLimit(known)).toBe(limit);
  });
});

describe('suspects', () => {
  it('up to the limit are asked for', () => {
    const names = named(20);
    expect(new AbsenceRule().decide({ kind: 'instance', known: 100, names })).toEqual({ ask: names, held: 0 });
  });

  it('beyond it are asked for only when two passes in a row miss them', () => {
    const name = fc.array(fc.integer({ min: 0, max: 99 }).map(String), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(
          name.map((names) => [...new Set(names)]),
          { minLength: 2, maxLength: 5 },
        ),
        (passes) => {
          const rule = new AbsenceRule();
          let before: readonly string[] = [];
          for (const names of passes) {
            const { ask, held } = rule.decide({ kind: 'instance', known: 100, names });
            const few = names.length <= 20;
            const expected = few ? names : names.filter((one) => before.includes(one));
            expect(ask).toEqual(expected);
            expect(held).toBe(names.length - expected.length);
            before = few ? [] : names.filter((one) => !expected.includes(one));
          }
        },
      ),
    );
  });

  it('of one kind say nothing of another', () => {
    const rule = new AbsenceRule();
    rule.decide({ kind: 'instance', known: 0, names: named(30) });
    expect(rule.decide({ kind: 'node', known: 0, names: named(30) }).ask).toEqual([]);
    expect(rule.held()).toEqual(
      new Map([
        ['instance', 30],
        ['node', 30],
      ]),
    );
  });
});

describe('working on many', () => {
  it('has only so many under way, and does all', async () => {
    let most = 0;
    let underWay = 0;
    const done: number[] = [];
    await forEachAtOnce([1, 2, 3, 4, 5, 6, 7], 3, async (one) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      done.push(one);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('ends at the first error', async () => {
    const begun: number[] = [];
    const work = forEachAtOnce([1, 2, 3, 4, 5, 6], 2, async (one) => {
      begun.push(one);
      await new Promise(setImmediate);
      if (one === 2) throw new Error('two');
    });
    await expect(work).rejects.toThrow('two');
    expect(begun.length).toBeLessThan(5);
  });
});
