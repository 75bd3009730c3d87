import { type Static, Type } from 'typebox';
import { OWN_METRICS } from './own-metrics.ts';
import { API_TLS, amount, group, HTTP_URL, name, oneOf, secret, text, whole } from './setting.ts';
import { amqpSettings, kafkaSettings } from './sources.ts';

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
    max_answer: whole(1_024, 1_073_741_824, {
      default: 33_554_432,
      description: 'Bytes of an answer to one query; a greater one is not read, and told.',
    }),
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

const REMOTE_WRITE = group(
  {
    kind: Type.Literal('remote-write', { description: 'POST /sla/prometheus/write.' }),
    name: sourceName,
    max_body: whole(1_024, 104_857_600, {
      default: 33_554_432,
      description: 'Bytes of a request, unpacked; a greater one is refused before it is unpacked.',
    }),
  },
  { description: 'What a Prometheus writes to Vigil (remote_write).' },
);

const ALERTMANAGER = group(
  {
    kind: Type.Literal('alertmanager', { description: 'POST /sla/alertmanager.' }),
    name: sourceName,
    interval,
    forget: whole(60, 604_800, {
      default: 21_600,
      description: 'Seconds for which a firing alert holds without being told again; longer than repeat_interval.',
    }),
  },
  { description: 'Alerts of Prometheus, by a webhook of Alertmanager.' },
);

const CEILOMETER = {
  name: 'Ceilometer',
  what: 'Ceilometer’s samples',
  exchange: 'ceilometer',
  topics: ['notifications', 'metering'],
  kafkaTopics: ['notifications.sample', 'metering.sample'],
  queue: 'vigil.<cloud>.samples',
} as const;

const CEILOMETER_AMQP = group(
  {
    kind: Type.Literal('ceilometer-amqp', { description: 'RabbitMQ.' }),
    name: sourceName,
    ...amqpSettings(CEILOMETER),
  },
  { description: 'Ceilometer’s samples over RabbitMQ.' },
);

const CEILOMETER_KAFKA = group(
  {
    kind: Type.Literal('ceilometer-kafka', { description: 'Apache Kafka.' }),
    name: sourceName,
    ...kafkaSettings(CEILOMETER),
  },
  { description: 'Ceilometer’s samples over Kafka.' },
);

const GNOCCHI = group(
  {
    kind: Type.Literal('gnocchi', { description: 'Ceilometer’s time series database.' }),
    name: sourceName,
    url: Type.Optional(
      text({
        description: 'Its address, where it is not that of the catalog (metric).',
        example: 'http://gnocchi.example.org:8041',
        pattern: HTTP_URL,
        form: 'an http or https address without user and password in it',
      }),
    ),
    interval: amount(1, 3_600, { default: 60, description: 'Seconds between two rounds of queries.' }),
    granularity: whole(1, 86_400, {
      default: 300,
      description: 'Seconds of one measure: the finest granularity of the archive policy.',
    }),
  },
  { description: 'Gnocchi, asked as the user of openstack for what Ceilometer measures of instances.' },
);

const METRIC_SOURCE = Type.Union(
  [NOVA, PUSH, PROMETHEUS, AETOS, REMOTE_WRITE, ALERTMANAGER, CEILOMETER_AMQP, CEILOMETER_KAFKA, GNOCCHI],
  { description: 'A source of measurements.' },
);

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
export type CeilometerAmqpConfig = Static<typeof CEILOMETER_AMQP>;
export type CeilometerKafkaConfig = Static<typeof CEILOMETER_KAFKA>;
export type GnocchiConfig = Static<typeof GNOCCHI>;
