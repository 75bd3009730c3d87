import type { Measured, MetricsView } from '../../model/metrics/metrics-view.ts';
import { measureAt, measureOf } from './windows/measure.ts';
import type { SampleStore } from './windows/sample-store.ts';

const MEAN = measureOf({ kind: 'mean' });

/** What strategies read of the samples that rules are evaluated on, as of a time (seconds since 1970). */
export function metricsViewOf(store: SampleStore, now: number): MetricsView {
  return {
    mean: (metric, resource, seconds): Measured => {
      const table = store.table(metric);
      const slot = table?.slot(resource);
      if (table === undefined || slot === undefined) return null;
      const value = measureAt(table, slot, MEAN, seconds, now);
      return Number.isNaN(value) ? null : value;
    },
    series: (metric, resource, seconds) => {
      const table = store.table(metric);
      const slot = table?.slot(resource);
      if (table === undefined || slot === undefined) return [];
      table.find(slot);
      const { page, begin, end } = table.found;
      const pairs: [time: number, value: number][] = [];
      for (let at = begin; at < end; at += 2) {
        const [time = 0, value = 0] = page.subarray(at, at + 2);
        if (time > now - seconds && time <= now) pairs.push([time, value]);
      }
      return pairs;
    },
  };
}
