import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlation, meanOf, steps } from '../../../strategies/sla/correlation.ts';

const course = (values: readonly number[]): Map<number, number> => new Map(values.entries());
const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 5, maxLength: 20 });

describe('the correlation of two courses', () => {
  it('is 1 when one follows the other, -1 when it does the opposite', () => {
    const a = [1, 5, 2, 8, 3];
    expect(correlation(course(a), course(a.map((x) => 3 * x + 7)))).toBeCloseTo(1);
    expect(correlation(course(a), course(a.map((x) => -x)))).toBeCloseTo(-1);
  });

  it('lies between -1 and 1, whichever comes first', () => {
    const property = fc.property(values, values, (a, b) => {
      const r = correlation(course(a), course(b));
      expect(correlation(course(b), course(a))).toBe(r);
      if (r !== null) expect(Math.abs(r)).toBeLessThanOrEqual(1 + 1e-9);
    });
    fc.assert(property);
  });

  it('is not known of too few common steps, nor of a course that does not vary', () => {
    expect(correlation(course([1, 2, 3, 4]), course([1, 2, 3, 4]))).toBeNull();
    expect(correlation(course([1, 1, 1, 1, 1]), course([1, 2, 3, 4, 5]))).toBeNull();
    expect(correlation(course([1, 2, 3, 4, 5]), new Map([[9, 1]]))).toBeNull();
  });
});

it('steps are means, whenever in a step something was measured', () => {
  const series = [
    [0, 2],
    [9, 4],
    [10, 7],
  ] as const;
  expect([...steps(series, 10)]).toEqual([
    [0, 3],
    [1, 7],
  ]);
  expect([...meanOf([course([1, 2]), course([3])])]).toEqual([
    [0, 2],
    [1, 2],
  ]);
});
