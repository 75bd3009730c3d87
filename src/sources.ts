import type { Source } from '../streams/source.ts';
import { amqpSource } from '../streams/sources/amqp.ts';
import type { AmqpOptions } from '../streams/sources/amqp-options.ts';
import { kafkaSource } from '../streams/sources/kafka.ts';
import type { KafkaOptions } from '../streams/sources/kafka-options.ts';
import { recordingSource } from '../streams/sources/recording.ts';
import type {
  AmqpSourceConfig,
  KafkaSourceConfig,
  RecordingSourceConfig,
  SimulatorSourceConfig,
  SourceConfig,
} from './config/schema/sources.ts';
import type { Simulation } from './simulated-cloud.ts';
import { readTlsFiles } from './tls-files.ts';

/** What a source needs to know besides its own settings. */
export interface SourceContext {
  readonly cloud: string;
  /** Another queue and group than the service's own, so that a recorder takes nothing away from it. */
  readonly reader?: string;
  readonly simulate: (config: SimulatorSourceConfig) => Promise<Simulation>;
}

/** Makes the sources a configuration names. They do nothing until they are subscribed to. */
export function openSources(configs: readonly SourceConfig[], context: SourceContext): Promise<Source[]> {
  return Promise.all(configs.map((config) => openSource(config, context)));
}

async function openSource(config: SourceConfig, context: SourceContext): Promise<Source> {
  switch (config.kind) {
    case 'amqp':
      return amqpSource(await amqpOptions(config, context));
    case 'kafka':
      return kafkaSource(await kafkaOptions(config, context));
    case 'recording':
      return openRecording(config);
    case 'simulator':
      return (await context.simulate(config)).source;
  }
}

/** Whose queue or group is meant: the service's own, or another reader's. */
export type ReaderContext = Pick<SourceContext, 'cloud' | 'reader'>;

export async function amqpOptions(config: AmqpSourceConfig, { cloud, reader }: ReaderContext): Promise<AmqpOptions> {
  const { urls, username, password, exchanges, topics, queue, window, heartbeat, name } = config;
  const queueName = reader ?? queue.name;
  return {
    cloud,
    urls,
    exchanges,
    topics,
    window,
    heartbeatSeconds: heartbeat,
    queue: {
      type: queue.type,
      expiresSeconds: queue.expires,
      maxLength: queue.max_length,
      ...(queueName === undefined ? {} : { name: queueName }),
    },
    ...given({ name, username, password }),
    ...(config.tls === undefined ? {} : { tls: await readTlsFiles(config.tls) }),
  };
}

export async function kafkaOptions(config: KafkaSourceConfig, { cloud, reader }: ReaderContext): Promise<KafkaOptions> {
  const { brokers, topics, window, name, sasl } = config;
  return {
    cloud,
    brokers,
    topics,
    window,
    ...given({ name, group: reader ?? config.group }),
    ...(config.tls === undefined ? {} : { tls: await readTlsFiles(config.tls) }),
    ...(sasl === undefined
      ? {}
      : { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password ?? '' } }),
  };
}

function openRecording({ files, speed, window, name }: RecordingSourceConfig): Source {
  return recordingSource({ files, window, ...given({ name, speed }) });
}

/** Only what is given: an optional setting that is absent must not be passed on as undefined. */
function given<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
