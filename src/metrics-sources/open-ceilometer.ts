import type { MetricSource } from '../../streams/metrics/source.ts';
import { ceilometerSource } from '../../streams/metrics/sources/ceilometer.ts';
import type { Source } from '../../streams/source.ts';
import { amqpSource } from '../../streams/sources/amqp.ts';
import { kafkaSource } from '../../streams/sources/kafka.ts';
import type { CeilometerAmqpConfig, CeilometerKafkaConfig } from '../config/schema/metrics.ts';
import { amqpOptions, kafkaOptions } from '../sources.ts';
import type { MetricSourceContext } from './context.ts';
import { keepAside } from './keep-aside.ts';

/** Ceilometer's samples over a broker, through a queue or group of Vigil's own. */
export async function openCeilometer(
  name: string,
  config: CeilometerAmqpConfig | CeilometerKafkaConfig,
  context: MetricSourceContext,
): Promise<MetricSource> {
  const { service, metrics, cloud } = context;
  const source = await openBroker(name, config, `vigil.${cloud}.samples`, cloud);
  return ceilometerSource(config.kind, source, metrics.values(), (message, error) =>
    keepAside(service.store, message, error),
  );
}

async function openBroker(
  name: string,
  config: CeilometerAmqpConfig | CeilometerKafkaConfig,
  reader: string,
  cloud: string,
): Promise<Source> {
  if (config.kind === 'ceilometer-amqp') {
    const queue = { ...config.queue, name: config.queue.name ?? reader };
    return amqpSource(await amqpOptions({ ...config, kind: 'amqp', name, queue }, { cloud }));
  }
  const group = config.group ?? reader;
  return kafkaSource(await kafkaOptions({ ...config, kind: 'kafka', name, group }, { cloud }));
}
