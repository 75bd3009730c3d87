import type { Sample } from '../../model/metrics/sample.ts';
import { Evaluator, type Selects } from './evaluator.ts';
import type { Rule } from './rule.ts';
import type { Transition } from './rule-states.ts';
import { SampleStore, UNLIMITED } from './windows/sample-store.ts';

/**
 * What rules would have made of recorded samples, in any order, evaluated at the whole multiples of a step (seconds): each
 * change of state, by time, rule and resource.
 */
export function* dryRun(
  rules: readonly Rule[],
  recorded: readonly Sample[],
  step: number,
  selects: Selects,
): Generator<Transition> {
  const store = new SampleStore(0, UNLIMITED);
  const evaluator = new Evaluator(store, selects);
  evaluator.setRules(rules);
  // Sorting keeps the order of equal times, so that of these the last line wins.
  const samples = [...recorded].sort((a, b) => a.time - b.time);
  const longest = Math.max(0, ...rules.map(({ window }) => window));
  let at = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (let count = firstStep(samples[0], step); ; count++) {
    const time = count * step;
    for (let next = samples[at]; next !== undefined && next.time <= time; next = samples[++at]) {
      store.add(next);
      latest = next.time;
    }
    const told: Transition[] = [];
    evaluator.step(time, (transition) => told.push(transition));
    yield* told.sort(byRuleAndResource);
    if (latest > time - longest) continue;
    // All windows are empty: nothing happens before the next sample.
    if (samples[at] === undefined) return;
    count = Math.max(count, firstStep(samples[at], step) - 1);
  }
}

/** The number of the first step at or after a sample. */
function firstStep(sample: Sample | undefined, step: number): number {
  return Math.ceil((sample?.time ?? 0) / step);
}

function byRuleAndResource(a: Transition, b: Transition): number {
  if (a.rule !== b.rule) return a.rule < b.rule ? -1 : 1;
  return a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0;
}
