import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type KafkaServer, startKafka } from '../../../servers/kafka.ts';
import type { RawMessage } from '../../../streams/source.ts';
import { kafkaSource } from '../../../streams/sources/kafka.ts';
import { NovaProducer } from './nova-kafka.ts';
import { numbered, Probe } from './probe.ts';

let kafka: KafkaServer;
let nova: NovaProducer;
const open: Probe[] = [];

beforeAll(async () => {
  kafka = await startKafka();
  nova = await NovaProducer.open(kafka.brokers);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
});

afterAll(async () => {
  await nova.close();
  await kafka.stop();
});

function listen(cloud: string, onMessage?: (message: RawMessage) => void): Probe {
  const options = { cloud, brokers: kafka.brokers, topics: [`${cloud}.info`, `${cloud}.error`], window: 5 };
  const probe = new Probe(kafkaSource(options), onMessage);
  open.push(probe);
  return probe;
}

async function createTopics(cloud: string): Promise<void> {
  await nova.createTopic(`${cloud}.info`, 2);
  await nova.createTopic(`${cloud}.error`);
}

describe('a broker killed in mid-stream and started again', () => {
  test('is told of, and read on from what was acknowledged: nothing is lost, and there is no gap', async () => {
    const cloud = 'killed';
    await createTopics(cloud);
    const held: RawMessage[] = [];
    const probe = listen(cloud, (message) => held.push(message));
    await probe.heard('caught-up');
    await nova.publish(`${cloud}.info`, numbered('a', 20), 0);
    await nova.publish(`${cloud}.info`, numbered('b', 20), 1);
    await expect.poll(() => held.length).toBe(5);
    const before = probe.events.length;
    await kafka.kill();
    await probe.heard('waiting', /^/, before);
    for (const message of held.splice(0)) message.ack();
    await kafka.restart();
    await probe.heard('connected', /^/, before);
    const drain = setInterval(() => {
      for (const message of held.splice(0)) message.ack();
    }, 1);
    await nova.publish(`${cloud}.info`, numbered('c', 20));
    await probe.received([...numbered('a', 20), ...numbered('b', 20), ...numbered('c', 20)]);
    await expect
      .poll(() => nova.committed(`vigil.${cloud}`, `${cloud}.info`), { timeout: 20_000 })
      .toEqual(await ends(`${cloud}.info`));
    clearInterval(drain);
    expect(probe.details('gap')).toEqual([expect.stringContaining('is new')]);
    expect(probe.errors).toEqual([]);
  });

  test('is waited for when it is not there at the start', async () => {
    const cloud = 'late';
    await createTopics(cloud);
    await kafka.kill();
    const probe = listen(cloud);
    expect(await probe.heard('waiting')).toMatch(/nothing listens there; is Kafka running/);
    await kafka.restart();
    await probe.heard('caught-up');
  });
});

async function ends(topic: string): Promise<string[]> {
  const offsets = await nova.admin.fetchTopicOffsets(topic);
  return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => high);
}
