import { type Static, Type } from 'typebox';
import { OWN_METRICS } from './own-metrics.ts';
import { group, name, whole } from './setting.ts';

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

const METRIC_SOURCE = Type.Union([NOVA, PUSH], { description: 'A source of measurements.' });

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
