import { type Admin, Kafka, type KafkaConfig, logLevel, Partitioners, type Producer } from 'kafkajs';

/** Produces as oslo.messaging does: without key or headers. Also sees what a group has committed. */
export class NovaProducer {
  readonly admin: Admin;
  readonly #producer: Producer;

  private constructor(admin: Admin, producer: Producer) {
    this.admin = admin;
    this.#producer = producer;
  }

  static async open(brokers: readonly string[], config: Partial<KafkaConfig> = {}): Promise<NovaProducer> {
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 20 }, ...config });
    const producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: true,
    });
    const admin = kafka.admin();
    await Promise.all([producer.connect(), admin.connect()]);
    return new NovaProducer(admin, producer);
  }

  async createTopic(topic: string, numPartitions = 1, config: Readonly<Record<string, string>> = {}): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await this.admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, configEntries }] });
  }

  async publish(topic: string, bodies: readonly (string | Buffer)[], partition?: number): Promise<void> {
    const where = partition === undefined ? {} : { partition };
    await this.#producer.send({ topic, acks: -1, messages: bodies.map((value) => ({ key: null, value, ...where })) });
  }

  /** Throws away what lies before an offset of the topic's first partition, as retention does. */
  async discard(topic: string, before: number): Promise<void> {
    // kafkajs finds the leaders only of topics that it has asked about.
    await this.admin.fetchTopicOffsets(topic);
    await this.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(before) }] });
  }

  /** The offsets the group has committed, in the order of the topic's partitions. */
  async committed(group: string, topic: string): Promise<string[]> {
    const [answer] = await this.admin.fetchOffsets({ groupId: group, topics: [topic] });
    const partitions = [...(answer?.partitions ?? [])].sort((a, b) => a.partition - b.partition);
    return partitions.map(({ offset }) => offset);
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.admin.disconnect()]);
  }
}
