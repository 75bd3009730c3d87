import { DEAD_LETTERS, deadLetter, deadLetterRecord } from '../../streams/dead-letter.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import { novaMetrics } from '../../streams/metrics/sources/nova.ts';
import { ReceivingSource } from '../../streams/metrics/sources/receiving.ts';
import type { MetricSourceConfig } from '../config/schema/metrics.ts';
import type { MetricSourceContext } from './context.ts';
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
  }
}

function openNova(name: string, { service, metrics }: MetricSourceContext): MetricSource {
  return novaMetrics(name, service.ingested$, metrics.values(), (message, error) => {
    const letter = deadLetterRecord(deadLetter(message, error));
    void service.store.putRecords(DEAD_LETTERS.kind, [letter], DEAD_LETTERS.limit);
  });
}
