/**
 * How far a source can be relied on. `core`: tested against the real thing in every run. `experimental`: works by its
 * documentation, tested against a stand-in. `deprecated`: will go. `unsupported`: not there, with what to use instead.
 */
export const SUPPORT_LEVELS = ['core', 'experimental', 'deprecated', 'unsupported'] as const;

export type SupportLevel = (typeof SUPPORT_LEVELS)[number];

interface KindOfSource {
  readonly title: string;
  readonly support: SupportLevel;
  /** What it is, or what to use instead. */
  readonly about: string;
}

/** Every kind of source of measurements there is, and those people ask for that there are not. */
export const METRIC_SOURCES = {
  nova: {
    title: 'nova’s metrics.update',
    support: 'core',
    about: 'What nova-compute measures itself ([compute] compute_monitors); comes with its other notifications.',
  },
  push: {
    title: 'JSON push',
    support: 'core',
    about: 'Whoever measures sends JSON to POST /sla/samples.',
  },
  prometheus: {
    title: 'Prometheus',
    support: 'core',
    about: 'Asked over its HTTP API; what was missed is asked for afterwards.',
  },
  aetos: {
    title: 'Aetos',
    support: 'experimental',
    about: 'Ceilometer’s meters in a Prometheus behind keystone, asked with a token.',
  },
  'remote-write': {
    title: 'Prometheus remote write',
    support: 'core',
    about: 'A Prometheus writes the results of recording rules to POST /sla/prometheus/write.',
  },
  alertmanager: {
    title: 'Alertmanager',
    support: 'experimental',
    about: 'An alert is a metric of its own, 1 while it fires; sent to POST /sla/alertmanager.',
  },
  'ceilometer-amqp': {
    title: 'Ceilometer over RabbitMQ',
    support: 'experimental',
    about: 'Samples as its agents publish them, through a queue of Vigil’s own.',
  },
  'ceilometer-kafka': {
    title: 'Ceilometer over Kafka',
    support: 'experimental',
    about: 'The same by Kafka.',
  },
  gnocchi: {
    title: 'Gnocchi',
    support: 'experimental',
    about: 'What Ceilometer measures of instances, asked with a token of keystone.',
  },
  simulator: {
    title: 'Simulated cloud',
    support: 'core',
    about: 'What is measured in the simulated cloud of this process; comes with its notifications.',
  },
} as const satisfies Record<string, KindOfSource>;

export type MetricSourceKind = keyof typeof METRIC_SOURCES;

/** What other software of this field reads and Vigil does not. */
export const UNSUPPORTED: Readonly<Record<string, KindOfSource>> = {
  monasca: {
    title: 'Monasca',
    support: 'unsupported',
    about: 'The project is retired. Use Prometheus, or Ceilometer.',
  },
  grafana: {
    title: 'Grafana',
    support: 'unsupported',
    about:
      'It keeps no measurements of its own. Use the Prometheus behind it; its alerts can go to the Alertmanager webhook.',
  },
  'l3-cache-noisy-neighbour': {
    title: 'L3 cache occupancy (Intel CMT) for noisy neighbours',
    support: 'unsupported',
    about:
      'The kernel’s events it was read from were removed. Use cpu_steal and cache_miss_ratio with the noisy-neighbour strategy.',
  },
};
