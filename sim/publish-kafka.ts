import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { type Publisher, Waiters } from './publish.ts';
import { type Emission, encode, topicOf } from './wire/envelope.ts';

/** How to reach Kafka. */
export interface KafkaPublisherOptions {
  /** `host:port` of some of the brokers. */
  readonly brokers: readonly string[];
  /** Put before the topics' names, to keep clouds on one broker apart; default none. */
  readonly prefix?: string;
  /** Partitions of topics that do not exist yet; default 1. */
  readonly partitions?: number;
  /** Told of what has to be tried again. */
  readonly onTrouble?: (text: string) => void;
}

const TOPICS = ['versioned_notifications.info', 'versioned_notifications.error'];
const RETRY_MS = 500;
/** Messages sent at once: well below the megabyte that brokers take in one batch by default. */
const BATCH = 100;

/**
 * Produces as nova does over Kafka: one topic for each priority, no keys, no headers. What could not be sent is tried
 * again until it is. Rejects when no broker can be reached at first.
 */
export async function publishKafka(options: KafkaPublisherOptions): Promise<Publisher> {
  const kafka = new Kafka({ clientId: 'nova', brokers: [...options.brokers], logLevel: logLevel.NOTHING });
  await createTopics(kafka, options);
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: true });
  await producer.connect();
  return new KafkaPublisher(producer, options);
}

async function createTopics(kafka: Kafka, options: KafkaPublisherOptions): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const topics = TOPICS.map((topic) => (options.prefix ?? '') + topic).filter((topic) => !existing.has(topic));
    const numPartitions = options.partitions ?? 1;
    if (topics.length === 0) return;
    await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions })), waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

class KafkaPublisher implements Publisher {
  readonly #producer: Producer;
  readonly #options: KafkaPublisherOptions;
  readonly #waiters = new Waiters();
  #outbox: Emission[] = [];
  #sending: Promise<void> | null = null;
  #closed = false;

  constructor(producer: Producer, options: KafkaPublisherOptions) {
    this.#producer = producer;
    this.#options = options;
  }

  get waiting(): number {
    return this.#outbox.length;
  }

  publish(emission: Emission): void {
    this.#outbox.push(emission);
    this.#sending ??= this.#sendAll();
  }

  flushed(): Promise<void> {
    return this.#waiters.until(this.#outbox.length === 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#outbox = [];
    await this.#sending;
    await this.#producer.disconnect();
    this.#waiters.wake();
  }

  /** One batch after the other, so that a topic keeps its order. */
  async #sendAll(): Promise<void> {
    while (this.#outbox.length > 0 && !this.#closed) {
      const batch = this.#outbox.slice(0, BATCH);
      if (await this.#send(batch)) this.#outbox.splice(0, batch.length);
    }
    this.#sending = null;
    this.#waiters.wake();
  }

  async #send(batch: readonly Emission[]): Promise<boolean> {
    const topicMessages = TOPICS.map((topic) => ({
      topic: (this.#options.prefix ?? '') + topic,
      messages: batch
        .filter((emission) => topicOf(emission) === topic)
        .map((emission) => ({ key: null, value: encode(emission, 'kafka') })),
    })).filter(({ messages }) => messages.length > 0);
    try {
      await this.#producer.sendBatch({ topicMessages, acks: -1 });
      return true;
    } catch (error) {
      this.#options.onTrouble?.(`could not send to Kafka (${error instanceof Error ? error.message : String(error)})`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return false;
    }
  }
}
