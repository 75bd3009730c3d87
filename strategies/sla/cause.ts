import { CATALOGUE } from '../../model/metrics/catalogue.ts';

/** What an aggressor does much of when victims suffer from a metric. */
export interface Cause {
  /** The metric of use. */
  readonly use: string;
  /** A metric in the same unit of what would be used besides if it could be; null when nothing tells. */
  readonly unmet: string | null;
}

/** For the metrics of the catalogue whose cause is another; of any other those are suspected that have most of itself. */
const CAUSES: { readonly [metric: string]: Cause } = {
  cpu_steal: { use: 'cpu_util', unmet: 'cpu_steal' },
  cpu_util: { use: 'cpu_util', unmet: 'cpu_steal' },
  io_wait: { use: 'disk_io', unmet: null },
  disk_latency: { use: 'disk_io', unmet: null },
  cache_miss_ratio: { use: 'cache_misses', unmet: null },
  memory_pressure: { use: 'memory_used', unmet: null },
};

export function causeOf(metric: string): Cause {
  return (Object.hasOwn(CAUSES, metric) ? CAUSES[metric] : undefined) ?? { use: metric, unmet: null };
}

/** Whether a metric tells how much of its own vCPUs an instance uses, or a host of its processors. */
export function isShare(metric: string): boolean {
  return CATALOGUE.find(({ name }) => name === metric)?.unit === '%';
}
