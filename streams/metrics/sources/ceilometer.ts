import { mergeMap } from 'rxjs';
import type { Metric } from '../../../model/metrics/metric.ts';
import { decodeEnvelope, type Fields, isFields, quote } from '../../decode/envelope.ts';
import { idField } from '../../decode/fields.ts';
import { parseTime } from '../../decode/time.ts';
import { Undecodable } from '../../decode/undecodable.ts';
import type { RawMessage, Source } from '../../source.ts';
import type { MetricSourceKind } from '../kinds.ts';
import type { Measurement, MetricBatch } from '../measurement.ts';
import { type Query, queriesFor } from '../queries.ts';
import type { MetricSource } from '../source.ts';

/** Keeps a message that cannot be used; it is acknowledged once that is done. */
export type KeepAside = (message: RawMessage, error: Undecodable) => Promise<void>;

const MICROS_PER_SECOND = 1_000_000;

/**
 * Ceilometer's samples, from its own exchange or topics: as its agents poll them (`telemetry.polling`) and as it publishes
 * them (`metering`). A message is acknowledged when its samples are taken, or it is kept aside.
 */
export function ceilometerSource(
  kind: MetricSourceKind,
  source: Source,
  metrics: Iterable<Metric>,
  keepAside: KeepAside,
): MetricSource {
  const byMeter = metersOf(metrics);
  const samples$ = source.messages$.pipe(mergeMap((message) => batchOf(message, byMeter, keepAside)));
  return { name: source.name, kind, samples$, events$: source.events$ };
}

/** The metrics that Ceilometer provides, by its meters. */
export function metersOf(metrics: Iterable<Metric>): ReadonlyMap<string, readonly Query[]> {
  const byMeter = new Map<string, Query[]>();
  for (const query of queriesFor(metrics, ['ceilometer'])) {
    const meter = query.provision.query;
    byMeter.set(meter, [...(byMeter.get(meter) ?? []), query]);
  }
  return byMeter;
}

async function batchOf(
  message: RawMessage,
  byMeter: ReadonlyMap<string, readonly Query[]>,
  keepAside: KeepAside,
): Promise<MetricBatch> {
  try {
    return { measurements: samplesOf(message.body, byMeter), done: () => message.ack() };
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    await keepAside(message, error);
    return { measurements: [], done: () => message.ack() };
  }
}

/** The measurements of a message, of whatever meters. Throws {@link Undecodable}. */
export function samplesOf(body: Uint8Array, byMeter: ReadonlyMap<string, readonly Query[]>): Measurement[] {
  const { payload } = decodeEnvelope(body);
  const list = isFields(payload) ? (payload.samples ?? [payload]) : payload;
  if (!Array.isArray(list)) throw new Undecodable('bad-field', `the payload is no list of samples: ${quote(payload)}`);
  return list.flatMap((sample: unknown) => {
    if (!isFields(sample)) throw new Undecodable('bad-field', `a sample is not an object: ${quote(sample)}`);
    return measurementsOf(sample, byMeter);
  });
}

/** Polled samples have other names for the same fields than published ones. */
function measurementsOf(sample: Fields, byMeter: ReadonlyMap<string, readonly Query[]>): Measurement[] {
  const meter = idField(sample, sample.counter_name === undefined ? 'name' : 'counter_name');
  const value = Number(sample.counter_volume ?? sample.volume ?? Number.NaN);
  const time = parseTime(String(sample.timestamp)) / MICROS_PER_SECOND;
  const labels = { resource_id: idField(sample, 'resource_id') };
  const queries = byMeter.get(meter) ?? [{ metric: meter }];
  return queries.map((query) => ({ labels, value, time, ...query }));
}
