import type { MetricsView } from '../../model/metrics/metrics-view.ts';

/** What was so earlier in the window and is so no longer misleads: so many last seconds count. */
const RECENT_SECONDS = 60;

/** The mean over the last minute; over the whole window where nothing was measured in it, as of a metric that is told seldom. */
export function recentMean(metrics: MetricsView, metric: string, resource: string, seconds: number): number | null {
  return metrics.mean(metric, resource, Math.min(seconds, RECENT_SECONDS)) ?? metrics.mean(metric, resource, seconds);
}
