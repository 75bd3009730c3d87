import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Publisher } from './publisher.ts';

export const TOPIC = 'versioned_notifications.info';
const TOPICS = [TOPIC, 'versioned_notifications.error'];
/** Well below the megabyte that brokers take in one batch. */
const BATCH = 100;

export function kafkaOf(brokers: readonly string[]): Kafka {
  return new Kafka({ clientId: 'bench', brokers: [...brokers], logLevel: logLevel.NOTHING });
}

/** Produces to nova's topics, of one partition each, which are made. */
export async function publishToKafka(brokers: readonly string[]): Promise<Publisher> {
  const kafka = kafkaOf(brokers);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: TOPICS.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    async publish(bodies) {
      for (let at = 0; at < bodies.length; at += BATCH) {
        const messages = bodies.slice(at, at + BATCH).map((value) => ({ key: null, value }));
        await producer.send({ topic: TOPIC, messages, acks: -1 });
      }
    },
    close: () => producer.disconnect(),
  };
}
