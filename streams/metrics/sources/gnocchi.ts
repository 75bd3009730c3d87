import { isFields } from '../../decode/envelope.ts';
import type { Measurement } from '../measurement.ts';
import type { Query } from '../queries.ts';
import type { Reader, Reading, Span } from './polled.ts';

/** Posts a body to a path below Gnocchi's address; parsed JSON. Rejects with an error that says what is wrong. */
export type PostJson = (path: string, body: object, signal: AbortSignal) => Promise<unknown>;

const MILLIS_PER_SECOND = 1_000;
/** Instances that still are. */
const LIVING = { '=': { ended_at: null } };
/** Measures are made in the background: the last ones may be there only some time after their end. */
const LATE_MEASURES = 2;

/** Reads from Gnocchi what Ceilometer measures of instances, one request a meter. Source: Gnocchi's REST API, dynamic aggregates. */
export function gnocchiReader(address: string, post: PostJson, granularity: number): Reader {
  return {
    address,
    async read(query, span, signal) {
      const body = {
        operations: `(metric ${query.provision.query} mean)`,
        resource_type: 'instance',
        search: LIVING,
      };
      const answer = await post(`/v1/aggregates?${periodOf(span, granularity)}`, body, signal);
      return readAnswer(answer, query, span.to);
    },
  };
}

function periodOf({ from, to }: Span, granularity: number): string {
  const start = new Date((from - (1 + LATE_MEASURES) * granularity) * MILLIS_PER_SECOND).toISOString();
  const stop = new Date(to * MILLIS_PER_SECOND).toISOString();
  return new URLSearchParams({ start, stop, granularity: String(granularity) }).toString();
}

/** The measures that are complete at a time, each told at its end. Throws an Error when the answer is none of Gnocchi. */
export function readAnswer(answer: unknown, { metric, provision }: Query, now: number): Reading {
  const byResource = isFields(answer) ? answer.measures : null;
  if (!isFields(byResource)) throw new Error('the answer is not one of Gnocchi');
  const measurements: Measurement[] = [];
  for (const [resource, byMeter] of Object.entries(byResource)) {
    const labels = { resource_id: resource };
    const byAggregation = isFields(byMeter) ? byMeter[provision.query] : null;
    const measures = isFields(byAggregation) ? byAggregation.mean : null;
    if (!Array.isArray(measures)) throw new Error(`the answer has no measures of ${provision.query} of a resource`);
    for (const measure of measures) {
      const [begin, length, value] = Array.isArray(measure) ? measure : [];
      const time = Date.parse(String(begin)) / MILLIS_PER_SECOND + Number(length);
      if (time <= now) measurements.push({ metric, labels, provision, value: Number(value), time });
    }
  }
  return { measurements, warnings: [] };
}
