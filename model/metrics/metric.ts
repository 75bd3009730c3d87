import type { ResourceKind } from './sample.ts';

/** Who measures and publishes: each names things in its own way. */
export const PROVIDERS = {
  node_exporter: 'Prometheus node_exporter: a query, one series a host',
  ipmi_exporter: 'Prometheus ipmi_exporter: a query, one series a host',
  libvirt_exporter: 'Prometheus libvirt exporter: a query, one series a domain',
  aetos: 'Ceilometer’s meters in a Prometheus, as Aetos serves them: a query, one series a resource',
  ceilometer: 'Ceilometer’s samples, over AMQP, Kafka or from Gnocchi: a meter',
  nova: 'nova’s metrics.update: a name of its compute monitors',
} as const;

export type Provider = keyof typeof PROVIDERS;

/** How a provider gives a metric. */
export interface Provision {
  readonly by: Provider;
  readonly of: ResourceKind;
  /**
   * PromQL, a meter, or a name. In PromQL `$window` stands for the range of a rate, such as `2m`; what is left of the
   * labels names the resource.
   */
  readonly query: string;
  /** The value counts up since some start: its rate a second is meant. */
  readonly counter?: true;
  /** The value is of all vCPUs together: it is divided by how many the instance has. */
  readonly perVcpu?: true;
  /** What the value (or its rate) is multiplied by to be in the metric's unit; default 1. */
  readonly scale?: number;
}

/** Something that can be measured, under the one name it has in rules, strategies and the API. */
export interface Metric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** What can be measured of it; a rule that does not say means the first. */
  readonly of: readonly ResourceKind[];
  /** On which side of a threshold trouble lies. */
  readonly bad: 'above' | 'below';
  readonly provisions: readonly Provision[];
}
