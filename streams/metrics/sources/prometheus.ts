import { isFields } from '../../decode/envelope.ts';
import type { Labels, Measurement } from '../measurement.ts';
import type { Query } from '../queries.ts';
import type { Reader, Reading } from './polled.ts';

/** Gets a path with parameters below some address, as parsed JSON. Rejects with an error that says what is wrong. */
export type AskJson = (path: string, params: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<unknown>;

/** What stands for the range of a rate in the catalogue's queries. */
const WINDOW = '$window';
const QUOTED = 200;

/** Reads from Prometheus's HTTP API, or what speaks it: one instant query while nothing was missed, else a range. */
export function prometheusReader(address: string, ask: AskJson, windowSeconds: number): Reader {
  return {
    address,
    async read(query, span, signal) {
      const text = query.provision.query.replaceAll(WINDOW, `${windowSeconds}s`);
      const { from, to, step } = span;
      const answer =
        from === to
          ? await ask('/api/v1/query', { query: text, time: String(to) }, signal)
          : await ask(
              '/api/v1/query_range',
              { query: text, start: String(from), end: String(to), step: String(step) },
              signal,
            );
      return readAnswer(answer, query);
    },
  };
}

/** The measurements of an answer. Throws an Error when it is none of Prometheus, or tells of an error. */
export function readAnswer(answer: unknown, { metric, provision }: Query): Reading {
  if (!isFields(answer) || typeof answer.status !== 'string') throw new Error('the answer is not one of Prometheus');
  const { status, data, warnings } = answer;
  if (status !== 'success') throw new Error(`${shortText(answer.errorType)}: ${shortText(answer.error)}`);
  if (!isFields(data) || !Array.isArray(data.result)) throw new Error('the answer has no result');
  const key = data.resultType === 'vector' ? 'value' : data.resultType === 'matrix' ? 'values' : null;
  if (key === null) throw new Error(`the query gives a ${shortText(data.resultType)}, not a vector`);
  const measurements: Measurement[] = [];
  for (const series of data.result as unknown[]) {
    const { metric: labels, [key]: told } = isFields(series) ? series : {};
    if (!isLabels(labels) || !Array.isArray(told)) throw new Error('a series in the answer is malformed');
    for (const point of key === 'value' ? [told] : told) {
      const [time, value] = Array.isArray(point) ? point : [];
      measurements.push({ metric, labels, provision, value: Number(value), time: Number(time) });
    }
  }
  return { measurements, warnings: Array.isArray(warnings) ? warnings.map(shortText) : [] };
}

function isLabels(value: unknown): value is Labels {
  return isFields(value) && Object.values(value).every((label) => typeof label === 'string');
}

function shortText(value: unknown): string {
  const text = String(value ?? 'nothing said').replace(/\s+/g, ' ');
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}…`;
}
