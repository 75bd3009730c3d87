import type { Metric, Provider, Provision } from '../../model/metrics/metric.ts';

/** One thing a source is asked for again and again: a metric as a provider has it. */
export interface Query {
  readonly metric: string;
  readonly provision: Provision;
}

/** What there is to ask of a source that has what these providers publish. */
export function queriesFor(metrics: Iterable<Metric>, providers: readonly Provider[]): Query[] {
  const queries: Query[] = [];
  for (const { name, provisions } of metrics) {
    for (const provision of provisions) {
      if (providers.includes(provision.by)) queries.push({ metric: name, provision });
    }
  }
  return queries;
}

/** How a query is called where it fails. */
export function describeQuery({ metric, provision }: Query): string {
  return `${metric} of ${provision.of}s (${provision.by})`;
}
