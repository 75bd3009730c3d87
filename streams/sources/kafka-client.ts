import { type Admin, type Consumer, Kafka, logLevel } from 'kafkajs';
import type { KafkaSettings } from './kafka-options.ts';

export type { Admin, Consumer, EachBatchPayload } from 'kafkajs';

/** Everything that is used of kafkajs is made here and nowhere else. */
export interface KafkaClient {
  consumer(): Consumer;
  /** Does some work with a connection of its own for administration. */
  withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
}

/** Errors are retried here only for some two seconds; beyond that the source connects anew and says so. */
const RETRY = { initialRetryTime: 300, multiplier: 2, factor: 0.2, maxRetryTime: 2_000, retries: 3 };

/** Enough for a broker to answer at once where there is something, and short to wait for at the end. */
const LONGEST_FETCH_MS = 500;

/** A member that the group has not heard of for so long is replaced; so long its partitions may stand still. */
const SESSION_TIMEOUT_MS = 10_000;

/** A new partition of a topic is found this soon. */
const METADATA_MAX_AGE_MS = 60_000;

/** `onTrouble` is told what kafkajs would log of errors. */
export function kafkaClient(settings: KafkaSettings, onTrouble: (text: string) => void): KafkaClient {
  const { brokers, tls, sasl, group } = settings;
  const kafka = new Kafka({
    clientId: `vigil ${settings.name}`,
    brokers: [...brokers],
    connectionTimeout: 5_000,
    retry: RETRY,
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) => onTrouble(`${entry.log.message} ${entry.log.error ?? ''}`.trim()),
    ...(tls === undefined ? {} : { ssl: { ...tls } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } }),
  });
  const consumer = (): Consumer =>
    kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: LONGEST_FETCH_MS,
      sessionTimeout: SESSION_TIMEOUT_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      // A consumer that failed is replaced by a new one, which looks at topics and offsets again.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
  const withAdmin = async <T>(work: (admin: Admin) => Promise<T>): Promise<T> => {
    const admin = kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  };
  return { consumer, withAdmin };
}
