import { filter, map, type Observable, of } from 'rxjs';
import type { Metric } from '../../../model/metrics/metric.ts';
import { dataOf, decodeEnvelope, type Fields } from '../../decode/envelope.ts';
import { idField, textOrNull } from '../../decode/fields.ts';
import { parseTime } from '../../decode/time.ts';
import { Undecodable } from '../../decode/undecodable.ts';
import type { Ingested } from '../../ingest.ts';
import type { RawMessage, SourceEvent } from '../../source.ts';
import type { Measurement, MetricBatch } from '../measurement.ts';
import { type Query, queriesFor } from '../queries.ts';
import type { MetricSource } from '../source.ts';

export const METRICS_UPDATE = 'metrics.update';
const MICROS_PER_SECOND = 1_000_000;

/** A message with metrics that cannot be used, for whoever keeps those. */
export type OnUndecodable = (message: RawMessage, error: Undecodable) => void;

/**
 * nova's own measurements of hosts. They come among the notifications that the model is made of, by the same queue: read
 * off what is ingested, so that nothing is asked of the broker twice. A name that no metric is provided by stays as it is.
 */
export function novaMetrics(
  name: string,
  ingested$: Observable<Ingested>,
  metrics: Iterable<Metric>,
  status: SourceEvent,
  onUndecodable: OnUndecodable,
): MetricSource {
  const byName = new Map(queriesFor(metrics, ['nova']).map((query) => [query.provision.query, query]));
  const samples$ = ingested$.pipe(
    map(({ decoded }) => decoded.filter(({ event }) => event === METRICS_UPDATE)),
    filter((updates) => updates.length > 0),
    map((updates) => updates.flatMap(({ message }) => read(message, byName, onUndecodable))),
    map((measurements): MetricBatch => ({ measurements, done: () => undefined })),
  );
  return { name, kind: 'nova', samples$, events$: of(status) };
}

function read(message: RawMessage, byName: ReadonlyMap<string, Query>, onUndecodable: OnUndecodable): Measurement[] {
  try {
    return metricsOf(message.body, byName);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    onUndecodable(message, error);
    return [];
  }
}

/** The measurements of a `metrics.update`. Throws {@link Undecodable}. */
export function metricsOf(body: Uint8Array, byName: ReadonlyMap<string, Query>): Measurement[] {
  const data = dataOf(decodeEnvelope(body).payload, 'payload');
  const labels = { host: idField(data, 'host'), node: idField(data, 'nodename') };
  const { metrics } = data;
  if (!Array.isArray(metrics)) throw new Undecodable('bad-field', 'metrics is not a list');
  return metrics.flatMap((metric: unknown): Measurement[] => {
    const fields = dataOf(metric, 'metrics[]');
    // Memory bandwidth is told per NUMA node and has no value of its own.
    if (fields.value === null) return [];
    const name = idField(fields, 'name');
    const told = { labels, value: Number(fields.value), time: timeOf(fields) };
    return [{ ...told, ...(byName.get(name) ?? { metric: name }) }];
  });
}

function timeOf(fields: Fields): number {
  return parseTime(textOrNull(fields, 'timestamp') ?? '') / MICROS_PER_SECOND;
}
