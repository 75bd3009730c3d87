import { queriesFor } from '../../streams/metrics/queries.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import { gnocchiReader, type PostJson } from '../../streams/metrics/sources/gnocchi.ts';
import { polledSource } from '../../streams/metrics/sources/polled.ts';
import { secondsNow } from '../clock.ts';
import type { GnocchiConfig } from '../config/schema/metrics.ts';
import type { MetricSourceContext } from './context.ts';

/** What Ceilometer measures of instances, from Gnocchi, asked with a token of keystone. */
export function openGnocchi(name: string, config: GnocchiConfig, context: MetricSourceContext): MetricSource {
  const session = context.openstack?.session ?? null;
  const post: PostJson = async (path, body, signal) => {
    if (session === null) throw new Error('there is no keystone to get a token from: set openstack');
    const endpoint = config.url ?? (await session.endpoint('metric'));
    const answer = await session.ask(endpoint, { method: 'POST', path, body, repeatable: true, signal });
    return answer.body;
  };
  const reader = gnocchiReader(config.url ?? 'the catalog’s metric service', post, config.granularity);
  const { interval } = config;
  const queries = queriesFor(context.metrics.values(), ['ceilometer']).filter(
    ({ provision }) => provision.of === 'instance',
  );
  return polledSource({ name, kind: 'gnocchi', queries, reader, interval, oldest: context.oldest, now: secondsNow });
}
