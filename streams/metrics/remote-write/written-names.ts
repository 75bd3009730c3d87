import type { Metric } from '../../../model/metrics/metric.ts';
import type { Measurement } from '../measurement.ts';
import type { WrittenSeries } from './write-request.ts';

/** What recording rules put before the name of a metric of the catalogue. */
export const RULE_PREFIX = 'vigil:';
const NAME = '__name__';
/** A query that is nothing but the name of a series. */
const BARE_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const MILLIS_PER_SECOND = 1_000;

type Meaning = Pick<Measurement, 'metric' | 'provision'>;

/** What the names of written series mean: `vigil:<metric>`, or what a provider has as it is under that name. */
export function writtenNames(metrics: Iterable<Metric>): ReadonlyMap<string, Meaning> {
  const names = new Map<string, Meaning>();
  for (const { name, provisions } of metrics) {
    names.set(RULE_PREFIX + name, { metric: name });
    for (const provision of provisions) {
      if (BARE_NAME.test(provision.query)) names.set(provision.query, { metric: name, provision });
    }
  }
  return names;
}

/** The measurements that series are; one of a name that means nothing keeps its name, and will be refused by it. */
export function writtenMeasurements(
  series: readonly WrittenSeries[],
  names: ReadonlyMap<string, Meaning>,
): Measurement[] {
  return series.flatMap(({ labels, samples }) => {
    const name = labels[NAME] ?? '';
    const meaning = names.get(name) ?? { metric: name };
    return samples.map(({ value, timestamp }) => ({ ...meaning, labels, value, time: timestamp / MILLIS_PER_SECOND }));
  });
}
