import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type KafkaServer, startKafka } from '../../servers/kafka.ts';
import { type Certificates, makeCertificates } from '../../servers/tls.ts';
import { useKafka } from '../services/use.ts';

describe("a test's own Kafka", () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = await startKafka();
  });
  afterAll(() => server.stop());

  test('keeps a topic and its messages through a kill', async () => {
    await send(server.brokers, 'versioned_notifications.info', ['one', 'two']);
    await server.kill();
    await expect(endOffset(server.brokers, 'versioned_notifications.info')).rejects.toThrow();
    await server.restart();
    expect(await endOffset(server.brokers, 'versioned_notifications.info')).toBe('2');
  });
});

describe('Kafka with TLS and SASL', () => {
  let certificates: Certificates;
  let server: KafkaServer | undefined;

  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  afterAll(() => certificates.remove());

  const user = { username: 'vigil', password: 'secret' };

  test.each(['plain', 'scram-sha-256'] as const)('lets in by %s', async (mechanism) => {
    server = await startKafka({ tls: certificates, sasl: { mechanism, ...user } });
    const security = { ssl: { ca: certificates.ca } };
    const right = { ...security, sasl: sasl(mechanism, user.password) };
    const wrong = { ...security, sasl: sasl(mechanism, 'wrong') };
    await send(server.brokers, 'notifications', ['one'], right);
    expect(await endOffset(server.brokers, 'notifications', right)).toBe('1');
    await expect(endOffset(server.brokers, 'notifications', wrong)).rejects.toThrow(/authentication/i);
    await expect(endOffset(server.brokers, 'notifications')).rejects.toThrow();
  });

  function sasl(mechanism: 'plain' | 'scram-sha-256', password: string): NonNullable<KafkaConfig['sasl']> {
    return mechanism === 'plain'
      ? { mechanism, username: user.username, password }
      : { mechanism, username: user.username, password };
  }
});

test("the run's shared Kafka serves", async () => {
  const { brokers, prefix } = await useKafka();
  await send(brokers, `${prefix}.info`, ['one']);
  expect(await endOffset(brokers, `${prefix}.info`)).toBe('1');
});

function client(brokers: readonly string[], security: Partial<KafkaConfig>): Kafka {
  return new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, ...security });
}

async function send(
  brokers: readonly string[],
  topic: string,
  values: readonly string[],
  security: Partial<KafkaConfig> = {},
): Promise<void> {
  const kafka = client(brokers, security);
  const admin = kafka.admin();
  const producer = kafka.producer();
  try {
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic }] });
    await producer.connect();
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
  } finally {
    await producer.disconnect();
    await admin.disconnect();
  }
}

/** Offset after the last message of partition 0. */
async function endOffset(
  brokers: readonly string[],
  topic: string,
  security: Partial<KafkaConfig> = {},
): Promise<string | undefined> {
  const admin = client(brokers, { ...security, retry: { retries: 2 } }).admin();
  try {
    await admin.connect();
    const [partition] = await admin.fetchTopicOffsets(topic);
    return partition?.high;
  } finally {
    await admin.disconnect();
  }
}
