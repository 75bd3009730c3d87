import type { Sample } from '../../../model/metrics/sample.ts';
import type { Rule } from '../../../streams/sla/rule.ts';
import type { SeriesState } from '../../../streams/sla/state.ts';
import type { Statistic } from '../../../streams/sla/statistic.ts';

/** A change of state as it is compared. */
export type Told = readonly [time: number, rule: string, resource: string, from: SeriesState, to: SeriesState];

/** What was heard, in the order in which it was: samples, and steps of evaluation (their times, ascending). */
export type Heard = { readonly sample: Sample } | { readonly step: number };

/** A rule in the plainest words there are: at each step everything heard so far is looked at anew. */
export function bruteForce(rule: Rule, heard: readonly Heard[]): Told[] {
  const told: Told[] = [];
  const states = new Map<string, { state: SeriesState; overSince: number | null }>();
  const samples: Sample[] = [];
  for (const one of heard) {
    if ('sample' in one) {
      if (one.sample.metric === rule.metric) samples.push(one.sample);
      continue;
    }
    const t = one.step;
    for (const resource of [...new Set(samples.map((sample) => sample.resource))].sort()) {
      const standing = states.get(resource) ?? { state: 'unknown', overSince: null };
      const value = statisticOf(rule.statistic, windowOf(samples, resource, t - rule.window, t));
      const next = advance(rule, standing, value, t);
      if (next.state !== standing.state) told.push([t, rule.name, resource, standing.state, next.state]);
      states.set(resource, next);
    }
  }
  return told;
}

function advance(
  { bad, threshold, clear, hold }: Rule,
  { state, overSince }: { readonly state: SeriesState; readonly overSince: number | null },
  value: number | null,
  t: number,
): { state: SeriesState; overSince: number | null } {
  if (value === null) return { state: 'unknown', overSince: null };
  const worse = (a: number, b: number): boolean => (bad === 'above' ? a > b : a < b);
  if (worse(value, threshold)) {
    const since = overSince ?? t;
    return { state: state === 'breached' || t - since >= hold ? 'breached' : 'pending', overSince: since };
  }
  return { state: state === 'breached' && worse(value, clear) ? 'breached' : 'ok', overSince: null };
}

/** Values of a window in order of time; of equal times the one heard last. */
function windowOf(samples: readonly Sample[], resource: string, after: number, upTo: number): [number, number][] {
  const byTime = new Map<number, number>();
  for (const { resource: of, time, value } of samples) {
    if (of === resource && time > after && time <= upTo && !Number.isNaN(value)) byTime.set(time, value);
  }
  return [...byTime].sort(([a], [b]) => a - b);
}

function statisticOf(statistic: Statistic, window: readonly [number, number][]): number | null {
  const values = window.map(([, value]) => value);
  const sorted = [...values].sort((a, b) => a - b);
  const [first, last] = [window[0], window.at(-1)];
  if (first === undefined || last === undefined) return null;
  switch (statistic.kind) {
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'min':
      return sorted[0] ?? null;
    case 'last':
      return last[1];
    case 'percentile': {
      const rank = statistic.share * (sorted.length - 1);
      const below = sorted[Math.floor(rank)] ?? 0;
      return below + (rank - Math.floor(rank)) * ((sorted[Math.ceil(rank)] ?? 0) - below);
    }
    case 'rate': {
      if (window.length < 2) return null;
      const growths = values.slice(1).map((value, i) => (value < (values[i] ?? 0) ? value : value - (values[i] ?? 0)));
      return growths.reduce((sum, growth) => sum + growth, 0) / (last[0] - first[0]);
    }
  }
}
