import fc from 'fast-check';
import type { Sample } from '../../../model/metrics/sample.ts';
import type { Rule } from '../../../streams/sla/rule.ts';
import { parseStatistic } from '../../../streams/sla/statistic.ts';

/** A rule that is about everything, over 60 s, above 50. */
export function ruleOf(given: Partial<Rule> = {}): Rule {
  return {
    ...{ name: 'r', metric: 'cpu_steal', of: 'instance', where: {}, window: 60, statistic: { kind: 'mean' } },
    ...{ bad: 'above', threshold: 50, clear: 50, hold: 0, cooldown: 0, severity: 'warning' },
    ...{ audit: null, objective: null },
    ...given,
  };
}

/** Rules of all kinds; thresholds are among the values that samples have. */
export const arbitraryRule: fc.Arbitrary<Rule> = fc
  .record({
    statistic: fc.constantFrom('mean', 'max', 'min', 'last', 'rate', 'p0', 'p50', 'p95', 'p100').map(parseStatistic),
    window: fc.constantFrom(10, 15, 40, 90, 600),
    hold: fc.constantFrom(0, 10, 30, 60),
    bad: fc.constantFrom('above', 'below'),
    threshold: fc.constantFrom(0.5, 3, 5),
    margin: fc.constantFrom(0, 1, 3),
  })
  .map(({ margin, ...rule }) => {
    const clear = rule.bad === 'above' ? rule.threshold - margin : rule.threshold + margin;
    return ruleOf({ ...rule, clear });
  });

/** Samples of few series at few times, so that they meet: duplicates, counters that begin anew, NaN, any order. */
export const arbitrarySample: fc.Arbitrary<Sample> = fc.record({
  metric: fc.constantFrom('cpu_steal', 'cpu_steal', 'cpu_steal', 'io_wait'),
  resource: fc.constantFrom('a', 'b', 'constructor'),
  value: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 9 }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  ),
  time: fc.oneof(
    fc.integer({ min: 0, max: 60 }).map((i) => 1_000 + 5 * i),
    fc.double({ min: 1_000, max: 1_300, noNaN: true }),
  ),
});
