import type { Metric } from '../../model/metrics/metric.ts';
import type { OpenStack } from '../openstack/connect.ts';
import type { Service } from '../service.ts';

/** What sources of measurements need to know besides their own settings. */
export interface MetricSourceContext {
  readonly cloud: string;
  readonly service: Pick<Service, 'ingested$' | 'store'>;
  /** Whether this process takes notifications in. */
  readonly ingests: boolean;
  /** Null when no cloud's APIs are known. */
  readonly openstack: OpenStack | null;
  readonly metrics: ReadonlyMap<string, Metric>;
  /** Seconds a sample may be old. */
  readonly oldest: number;
}
