import type { MetricSource } from '../../streams/metrics/source.ts';
import { AlertSource } from '../../streams/metrics/sources/alerts.ts';
import { novaMetrics } from '../../streams/metrics/sources/nova.ts';
import { ReceivingSource } from '../../streams/metrics/sources/receiving.ts';
import { WrittenSource } from '../../streams/metrics/sources/written.ts';
import type { SourceEvent } from '../../streams/source.ts';
import { secondsNow } from '../clock.ts';
import type { MetricSourceConfig } from '../config/schema/metrics.ts';
import type { MetricSourceContext } from './context.ts';
import { keepAside } from './keep-aside.ts';
import { openCeilometer } from './open-ceilometer.ts';
import { openGnocchi } from './open-gnocchi.ts';
import { openAetos, openPrometheus } from './open-prometheus.ts';

/** Makes the source of measurements that a configuration names. It does nothing until it is subscribed to. */
export async function openMetricSource(
  config: MetricSourceConfig,
  context: MetricSourceContext,
): Promise<MetricSource> {
  const name = config.name ?? config.kind;
  switch (config.kind) {
    case 'nova':
      return openNova(name, context);
    case 'push':
      return new ReceivingSource('push', name, 'POST /sla/samples');
    case 'prometheus':
      return openPrometheus(name, config, context);
    case 'aetos':
      return openAetos(name, config, context);
    case 'remote-write':
      return new WrittenSource(name, context.metrics.values(), config.max_body);
    case 'alertmanager':
      return new AlertSource({ name, interval: config.interval, forget: config.forget, now: secondsNow });
    case 'ceilometer-amqp':
    case 'ceilometer-kafka':
      return openCeilometer(name, config, context);
    case 'gnocchi':
      return openGnocchi(name, config, context);
  }
}

const AMONG_NOTIFICATIONS: SourceEvent = { kind: 'connected', detail: 'among nova’s other notifications' };
const NO_NOTIFICATIONS: SourceEvent = {
  kind: 'waiting',
  detail: 'notifications are taken in by another process: add the role ingest here, or engine there',
};

function openNova(name: string, { service, metrics, ingests }: MetricSourceContext): MetricSource {
  const status = ingests ? AMONG_NOTIFICATIONS : NO_NOTIFICATIONS;
  return novaMetrics(name, service.ingested$, metrics.values(), status, (message, error) => {
    void keepAside(service.store, message, error);
  });
}
