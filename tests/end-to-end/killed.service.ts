import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RabbitServer, startRabbit } from '../../servers/rabbitmq.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';
import { createSimulatedCloud, type SimulatedCloud } from '../../sim/index.ts';
import type { Publisher } from '../../sim/publish.ts';
import { publishAmqp } from '../../sim/publish-amqp.ts';
import { instanceNamedBy } from './named.ts';
import { differences } from './truth.ts';
import { eventually, startVigil, type Vigil } from './vigil.ts';

const EVENTS = 3_000;

/** Everything Vigil depends on is killed in mid-stream, one after the other; after each the model must be the truth again. */
describe('killed in mid-stream', () => {
  let rabbit: RabbitServer;
  let redis: RedisServer;
  let vigil: Vigil;
  let publisher: Publisher;
  let cloud: SimulatedCloud;
  const named = new Set<string>();

  const publish = async (): Promise<void> => {
    for (const emission of [...cloud.emissions(EVENTS), ...cloud.settle()]) {
      const uuid = instanceNamedBy(emission);
      if (uuid !== null) named.add(uuid);
      publisher.publish(emission);
    }
    await publisher.flushed();
  };
  const ready = (): Promise<unknown> =>
    eventually(
      () => vigil.get<{ ready: boolean }>('/readyz'),
      (answer) => answer.ready,
    );
  const truthful = (): Promise<unknown> =>
    eventually(
      () => differences(vigil, cloud.truth().instances, named),
      (found) => found.length === 0,
    );

  beforeAll(async () => {
    [rabbit, redis] = await Promise.all([startRabbit(), startRedis({ appendonly: true })]);
    cloud = createSimulatedCloud({
      hosts: 20,
      instances: 100,
      operationsPerSecond: 20,
      start: Date.now() - 86_400_000,
    });
    publisher = await publishAmqp({ url: rabbit.url });
    vigil = await startVigil({
      sources: [{ kind: 'amqp', urls: [rabbit.url] }],
      store: { kind: 'redis', url: redis.url },
    });
    await ready();
  });

  afterAll(async () => {
    await publisher?.close();
    await Promise.all([vigil?.stop(), rabbit?.stop(), redis?.stop()]);
  });

  it('Redis, with its append-only file: nothing that was acknowledged is lost', async () => {
    const publishing = publish();
    await redis.kill();
    await redis.restart();
    await publishing;
    await truthful();
  });

  it('Vigil itself: what was not acknowledged comes again', async () => {
    const publishing = publish();
    await vigil.kill();
    await publishing;
    await vigil.restart();
    await truthful();
    expect((await vigil.get<{ ingest: { dead_letters: number } }>('/model/stats')).ingest.dead_letters).toBe(0);
  });

  it('RabbitMQ: Vigil binds again and goes on', async () => {
    const publishing = publish();
    await publishing;
    await rabbit.kill();
    await rabbit.restart();
    await ready();
    await publish();
    await truthful();
  });

  it('Redis without its data: a new epoch, and the model is the truth again by itself', async () => {
    await truthful();
    const before = await vigil.get<{ revision: string }>('/model/stats');
    await redis.kill();
    await Promise.all(
      ['appendonlydir', 'dump.rdb'].map((file) => rm(join(redis.dir, file), { recursive: true, force: true })),
    );
    await redis.restart();
    await publish();
    await truthful();
    const after = await vigil.get<{ revision: string }>('/model/stats');
    expect(Number.parseInt(after.revision, 10)).toBeGreaterThan(Number.parseInt(before.revision, 10));
  });
});
