import { type Static, Type } from 'typebox';
import { OWN_METRICS } from './own-metrics.ts';
import { API_TLS, amount, group, HTTP_URL, name, oneOf, secret, text, whole } from './setting.ts';

const sourceName = Type.Optional(
  name({ description: 'Name of the source in logs and metrics; default: its kind.', example: 'metrics' }),
);

const NOVA = group(
  { kind: Type.Literal('nova', { description: 'Among the notifications.' }), name: sourceName },
  { description: 'nova’s metrics.update, which come with its other notifications.' },
);

const PUSH = group(
  { kind: Type.Literal('push', { description: 'POST /sla/samples.' }), name: sourceName },
  { description: 'Samples that others send as JSON.' },
);

const interval = amount(1, 3_600, { default: 15, description: 'Seconds between two rounds of queries.' });
const polling = {
  interval,
  timeout: whole(1, 600, { default: 10, description: 'Seconds an answer may take.' }),
};
const asking = {
  ...polling,
  rate_window: whole(1, 86_400, {
    default: 120,
    description: 'Seconds over which rates are taken; at least twice as long as it scrapes apart.',
  }),
  max_answer: whole(1_024, 1_073_741_824, {
    default: 33_554_432,
    description: 'Bytes of an answer to one query; a greater one is not read, and told.',
  }),
};

/** Which of the catalogue's providers a Prometheus may hold. */
const PROMETHEUS_PROVIDERS = ['node_exporter', 'ipmi_exporter', 'libvirt_exporter', 'aetos'] as const;

const PROMETHEUS = group(
  {
    kind: Type.Literal('prometheus', { description: 'Prometheus, or what speaks its API.' }),
    name: sourceName,
    url: text({
      description: 'Its address.',
      example: 'http://prometheus.example.org:9090',
      pattern: HTTP_URL,
      form: 'an http or https address without user and password in it',
    }),
    exporters: Type.Array(oneOf(PROMETHEUS_PROVIDERS, { description: 'What it scrapes.' }), {
      minItems: 1,
      maxItems: PROMETHEUS_PROVIDERS.length,
      default: ['node_exporter', 'libvirt_exporter'],
      description: 'Whose metrics are asked for; aetos means those that Ceilometer writes to a Prometheus.',
    }),
    ...asking,
    username: Type.Optional(text({ description: 'User of HTTP Basic.', example: 'vigil' })),
    ...secret('password', 'Password of that user.'),
    ...secret('token', 'Bearer token, instead of user and password.'),
    tls: API_TLS,
  },
  { description: 'Prometheus, asked over its HTTP API.' },
);

const AETOS = group(
  {
    kind: Type.Literal('aetos', { description: 'Ceilometer’s Prometheus behind keystone.' }),
    name: sourceName,
    url: Type.Optional(
      text({
        description: 'Its address, where it is not that of the catalog (metric-storage).',
        example: 'http://aetos.example.org:8080',
        pattern: HTTP_URL,
        form: 'an http or https address without user and password in it',
      }),
    ),
    ...asking,
  },
  { description: 'Aetos, asked as the user of openstack.' },
);

const METRIC_SOURCE = Type.Union([NOVA, PUSH, PROMETHEUS, AETOS], { description: 'A source of measurements.' });

export const METRICS = group(
  {
    sources: Type.Array(METRIC_SOURCE, {
      maxItems: 50,
      default: [{ kind: 'nova' }, { kind: 'push' }],
      description: 'Where measurements come from.',
    }),
    own: OWN_METRICS,
    max_series: whole(1, 10_000_000, {
      default: 200_000,
      description: 'Series (a metric of a host or instance) held at once; others are refused and counted.',
    }),
    samples_per_second: whole(1, 10_000_000, {
      default: 20_000,
      description: 'Samples a source may bring, on average over a minute; more are refused and counted.',
    }),
    oldest: whole(60, 86_400, { default: 3_600, description: 'Seconds a sample may be old.' }),
  },
  { default: {}, description: 'What is measured, for SLA rules and strategies.' },
);

export type MetricsConfig = Static<typeof METRICS>;
export type MetricSourceConfig = Static<typeof METRIC_SOURCE>;
export type PrometheusConfig = Static<typeof PROMETHEUS>;
export type AetosConfig = Static<typeof AETOS>;
