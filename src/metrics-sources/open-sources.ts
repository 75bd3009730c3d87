import { DEAD_LETTERS, deadLetter, deadLetterRecord } from '../../streams/dead-letter.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import { novaMetrics } from '../../streams/metrics/sources/nova.ts';
import { ReceivingSource } from '../../streams/metrics/sources/receiving.ts';
import type { MetricSourceConfig } from '../config/schema/metrics.ts';
import type { Service } from '../service.ts';

/** Makes the sources of measurements that a configuration names. They do nothing until they are subscribed to. */
export function openMetricSources(configs: readonly MetricSourceConfig[], service: Service): MetricSource[] {
  return configs.map((config) => openMetricSource(config, service));
}

function openMetricSource(config: MetricSourceConfig, service: Service): MetricSource {
  const name = config.name ?? config.kind;
  switch (config.kind) {
    case 'nova':
      return novaMetrics(
        name,
        service.ingested$,
        (novaName) => novaName,
        (message, error) => {
          const letter = deadLetterRecord(deadLetter(message, error));
          void service.store.putRecords(DEAD_LETTERS.kind, [letter], DEAD_LETTERS.limit);
        },
      );
    case 'push':
      return new ReceivingSource('push', name, 'POST /sla/samples');
  }
}
