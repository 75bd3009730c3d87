import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFaults } from '../../sim/faults.ts';
import { createSimulatedCloud } from '../../sim/index.ts';
import type { Publisher } from '../../sim/publish.ts';
import { publishAmqp } from '../../sim/publish-amqp.ts';
import { publishKafka } from '../../sim/publish-kafka.ts';
import { useKafka, useRabbit, useRedis } from '../services/use.ts';
import { instanceNamedBy } from './named.ts';
import { differences } from './truth.ts';
import { eventually, startVigil, type Vigil } from './vigil.ts';

const EVENTS = 5_000;

/** A broker as the configuration file names it, and the simulated nova's way to it. */
interface Broker {
  readonly source: object;
  connect(): Promise<Publisher>;
}

const BROKERS: Record<string, () => Promise<Broker>> = {
  RabbitMQ: async () => {
    const { url } = await useRabbit();
    return { source: { kind: 'amqp', urls: [url] }, connect: () => publishAmqp({ url }) };
  },
  Kafka: async () => {
    const { brokers, prefix } = await useKafka();
    const topics = ['info', 'error'].map((priority) => `${prefix}versioned_notifications.${priority}`);
    return {
      source: { kind: 'kafka', brokers, topics },
      connect: () => publishKafka({ brokers, prefix, partitions: 3 }),
    };
  },
};

describe.each(Object.keys(BROKERS))('%s into Redis', (name) => {
  let vigil: Vigil;
  let publisher: Publisher;

  beforeAll(async () => {
    const redis = await useRedis();
    const broker = await (BROKERS[name] as () => Promise<Broker>)();
    publisher = await broker.connect();
    vigil = await startVigil({
      cloud: redis.prefix,
      sources: [broker.source],
      store: { kind: 'redis', url: redis.url },
    });
    await eventually(
      () => vigil.get<{ ready: boolean }>('/readyz'),
      ({ ready }) => ready,
    );
  });

  afterAll(async () => {
    await publisher?.close();
    await vigil?.stop();
  });

  it('ends in the truth, whatever the order and however often a message comes', async () => {
    const cloud = createSimulatedCloud({
      hosts: 20,
      instances: 100,
      operationsPerSecond: 20,
      start: Date.now() - 86_400_000,
    });
    const sent = [...cloud.emissions(EVENTS), ...cloud.settle()];
    for (const emission of withFaults(sent, { seed: 7, reorder: 50, duplicate: 0.1 })) publisher.publish(emission);
    await publisher.flushed();

    const named = new Set(sent.map(instanceNamedBy).filter((uuid) => uuid !== null));
    const { instances } = cloud.truth();
    expect(named.size).toBeGreaterThan(100);
    await eventually(
      () => differences(vigil, instances, named),
      (found) => found.length === 0,
    );
  });
});
