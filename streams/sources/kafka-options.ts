import type { TlsOptions } from './tls.ts';

export interface KafkaOptions {
  /** Names the consumer group, and the source where `name` does not. */
  readonly cloud: string;
  /** Default: `kafka:<cloud>`. */
  readonly name?: string;
  /** `host:port` of some brokers of the cluster; the others are learned from them. */
  readonly brokers: readonly string[];
  /** Default: `versioned_notifications.info` and `.error`. A virtual host in nova's transport URL is appended to them. */
  readonly topics?: readonly string[];
  /** Default: `vigil.<cloud>`. */
  readonly group?: string;
  /** Messages emitted and not yet acknowledged, at most; default 1000. */
  readonly window?: number;
  /** TLS is used when given, even if empty. */
  readonly tls?: TlsOptions;
  readonly sasl?: Sasl;
}

type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

type Sasl = {
  [M in SaslMechanism]: { readonly mechanism: M; readonly username: string; readonly password: string };
}[SaslMechanism];

/** The options with every default filled in. */
export interface KafkaSettings {
  readonly name: string;
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly group: string;
  readonly window: number;
  readonly tls: TlsOptions | undefined;
  readonly sasl: Sasl | undefined;
}

const BROKER = /^(\[[0-9a-fA-F:]+\]|[^\s:/@]+):(\d{1,5})$/;

/** Throws on brokers that are not of the form `host:port`. */
export function kafkaSettings(options: KafkaOptions): KafkaSettings {
  if (options.brokers.length === 0) throw new Error('a Kafka source needs a broker');
  for (const [index, broker] of options.brokers.entries()) {
    if (!BROKER.test(broker)) throw new Error(`Kafka broker ${index + 1} is not of the form host:port`);
  }
  return {
    name: options.name ?? `kafka:${options.cloud}`,
    brokers: options.brokers,
    topics: options.topics ?? ['versioned_notifications.info', 'versioned_notifications.error'],
    group: options.group ?? `vigil.${options.cloud}`,
    window: options.window ?? 1000,
    tls: options.tls,
    sasl: options.sasl,
  };
}
