import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RabbitServer, startRabbit } from '../../servers/rabbitmq.ts';
import { withFaults } from '../../sim/faults.ts';
import { createSimulatedCloud, type Rest, type SimulatedCloud } from '../../sim/index.ts';
import type { Publisher } from '../../sim/publish.ts';
import { publishAmqp } from '../../sim/publish-amqp.ts';
import { useRedis } from '../services/use.ts';
import { differences } from './truth.ts';
import { eventually, startVigil, type Vigil } from './vigil.ts';

const EVENTS = 100_000;
const DAY_MILLIS = 86_400_000;

/** A cloud Vigil has never seen, its whole life out of order and partly twice, and a broker that dies in the middle. */
describe('a hundred thousand events', () => {
  let rabbit: RabbitServer;
  let cloud: SimulatedCloud;
  let rest: Rest;
  let publisher: Publisher;
  let vigil: Vigil;

  beforeAll(async () => {
    rabbit = await startRabbit();
    cloud = createSimulatedCloud({
      hosts: 50,
      instances: 1_000,
      operationsPerSecond: 100,
      start: Date.now() - DAY_MILLIS,
    });
    rest = await cloud.rest();
    publisher = await publishAmqp({ url: rabbit.url });
    const redis = await useRedis();
    const { region_name: region, ...auth } = rest.credentials;
    vigil = await startVigil({
      cloud: redis.prefix,
      sources: [{ kind: 'amqp', urls: [rabbit.url] }],
      store: { kind: 'redis', url: redis.url },
      openstack: { auth, region },
    });
    await eventually(
      () => vigil.get<{ ready: boolean }>('/readyz'),
      ({ ready }) => ready,
    );
  });

  afterAll(async () => {
    await publisher?.close();
    await vigil?.stop();
    await rest?.close();
    await rabbit?.stop();
  });

  const publish = async (count: number): Promise<void> => {
    const sent = withFaults(cloud.emissions(count), { seed: count, reorder: 100, duplicate: 0.05 });
    for (const emission of sent) {
      publisher.publish(emission);
      if (publisher.waiting > 5_000) await publisher.flushed();
    }
  };

  it('end in the truth, for every instance there is', { timeout: 300_000 }, async () => {
    await publish(EVENTS / 2);
    await rabbit.kill();
    const publishing = publish(EVENTS / 2);
    await rabbit.restart();
    await publishing;
    for (const emission of cloud.settle()) publisher.publish(emission);
    await publisher.flushed();

    const { instances } = cloud.truth();
    expect(instances.filter(({ deleted }) => !deleted).length).toBeGreaterThan(900);
    await eventually(
      () => differences(vigil, instances),
      (found) => found.length === 0,
    );
  });

  it('are counted, none of them a dead letter', async () => {
    const { ingest } = await vigil.get<{ ingest: { messages: number; dead_letters: number } }>('/model/stats');
    expect(ingest.messages).toBeGreaterThan(EVENTS / 2);
    expect(ingest.dead_letters).toBe(0);
  });
});
