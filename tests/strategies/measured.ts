import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import { NOW } from './solving.ts';

const MILLIS_PER_SECOND = 1_000;
const SECONDS = 300;

/** What was measured, by metric and resource: one value for all the time, or the values of the last five minutes, oldest first. */
export type Table = { readonly [metric: string]: { readonly [resource: string]: number | readonly number[] } };

export function measured(table: Table): MetricsView {
  const end = NOW / MILLIS_PER_SECOND;
  const series: MetricsView['series'] = (metric, resource, seconds) => {
    const values = table[metric]?.[resource];
    if (values === undefined) return [];
    const list = typeof values === 'number' ? [values] : values;
    const step = SECONDS / list.length;
    const all = list.map((value, i) => [end - (list.length - i - 1) * step, value] as const);
    return all.filter(([time]) => time > end - seconds);
  };
  return {
    series,
    mean: (metric, resource, seconds) => {
      const values = series(metric, resource, seconds).map(([, value]) => value);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    },
  };
}
