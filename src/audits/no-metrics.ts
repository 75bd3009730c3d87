import type { MetricsView } from '../../model/metrics/metrics-view.ts';

/** What is known where nothing is measured. */
export const NO_METRICS: MetricsView = { mean: () => null, series: () => [] };
