import type { Provider } from '../../model/metrics/metric.ts';
import { queriesFor } from '../../streams/metrics/queries.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import { polledSource, type Reader } from '../../streams/metrics/sources/polled.ts';
import { type AskJson, prometheusReader } from '../../streams/metrics/sources/prometheus.ts';
import { secondsNow } from '../clock.ts';
import type { AetosConfig, PrometheusConfig } from '../config/schema/metrics.ts';
import { tlsMaterial } from '../openstack/connect.ts';
import { Deadline } from '../openstack/deadline.ts';
import type { Session } from '../openstack/session.ts';
import type { MetricSourceContext } from './context.ts';
import { JsonClient } from './json-client.ts';

type Asking = Pick<MetricSourceContext, 'metrics' | 'oldest'>;

/** A Prometheus by its own address. Throws ApiError when a certificate cannot be read. */
export async function openPrometheus(name: string, config: PrometheusConfig, context: Asking): Promise<MetricSource> {
  const { ca = null, cert = null, key = null, verify } = config.tls;
  const client = new JsonClient({
    url: config.url,
    headers: authorization(config),
    timeoutSeconds: config.timeout,
    maxAnswerBytes: config.max_answer,
    tls: await tlsMaterial({ cacert: ca, cert, key, verify }),
  });
  const ask: AskJson = (path, params, signal) => client.get(path, params, signal);
  const close = (): void => void client.close();
  const reader = { ...prometheusReader(config.url, ask, config.rate_window), close };
  return open(name, 'prometheus', reader, config.exporters, config, context);
}

function authorization({ username, password, token }: PrometheusConfig): Readonly<Record<string, string>> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}

/** Ceilometer's Prometheus behind Aetos, asked with a token of keystone. */
export function openAetos(name: string, config: AetosConfig, context: MetricSourceContext): MetricSource {
  const session = context.openstack?.session ?? null;
  const ask: AskJson = async (path, params, signal) => {
    if (session === null) throw new Error('there is no keystone to get a token from: set openstack');
    const endpoint = config.url ?? (await session.endpoint('metric-storage'));
    return askWithToken(session, endpoint, `${path}?${new URLSearchParams(params)}`, config.timeout, signal);
  };
  const reader = prometheusReader(config.url ?? 'the catalog’s metric-storage', ask, config.rate_window);
  return open(name, 'aetos', reader, ['aetos'], config, context);
}

async function askWithToken(
  session: Session,
  endpoint: string,
  path: string,
  timeoutSeconds: number,
  outer: AbortSignal,
): Promise<unknown> {
  const deadline = new Deadline(timeoutSeconds * 1_000, outer);
  try {
    // A failed query is answered as JSON too, with what is wrong with it.
    const answer = await session.ask(endpoint, { method: 'GET', path, accept: [400, 422], signal: deadline.signal });
    return answer.body;
  } catch (error) {
    throw deadline.passed ? new Error(`no answer within ${timeoutSeconds} s`, { cause: error }) : error;
  } finally {
    deadline.end();
  }
}

function open(
  name: string,
  kind: 'prometheus' | 'aetos',
  reader: Reader,
  providers: readonly Provider[],
  { interval }: Pick<PrometheusConfig, 'interval'>,
  { metrics, oldest }: Asking,
): MetricSource {
  const queries = queriesFor(metrics.values(), providers);
  return polledSource({ name, kind, queries, reader, interval, oldest, now: secondsNow });
}
