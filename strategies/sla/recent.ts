import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import type { Trigger } from '../strategy.ts';

/** How far back a strategy looks, in seconds: to see what is so now, and to compare courses. */
export interface Lookback {
  readonly recent: number;
  readonly whole: number;
}

/** Where no rule says over how long it measures. */
const RECENT_SECONDS = 60;
/** Less would be a single sample, of most sources. */
const LEAST_SECONDS = 15;

/**
 * What was so earlier and is so no longer misleads: demand is compared over the time over which the rule saw its breach, so
 * that an aggressor that has just begun is not taken for the quiet neighbour it was before.
 */
export function lookbackOf(trigger: Trigger | null, whole: number): Lookback {
  const recent = Math.max(LEAST_SECONDS, trigger?.window ?? RECENT_SECONDS);
  return { recent: Math.min(recent, whole), whole };
}

/** The mean over what is recent; over the whole where nothing was measured in that, as of a metric that is told seldom. */
export function recentMean(metrics: MetricsView, metric: string, resource: string, back: Lookback): number | null {
  return metrics.mean(metric, resource, back.recent) ?? metrics.mean(metric, resource, back.whole);
}
