import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RabbitServer, startRabbit } from '../../servers/rabbitmq.ts';
import { createSimulatedCloud, type Rest, type SimulatedCloud } from '../../sim/index.ts';
import { useRedis } from '../services/use.ts';
import { eventually, startVigil, type Vigil } from './vigil.ts';

interface Ready {
  readonly ready: boolean;
}

interface Drift {
  readonly intervals: { readonly changes: number };
  readonly ended: { readonly full: { readonly complete: number }; readonly changes: { readonly complete: number } };
}

/** Two processes with all roles on one Redis, each with a queue of its own. */
describe('processes that share the comparison with the cloud', () => {
  let rabbit: RabbitServer;
  let cloud: SimulatedCloud;
  let rest: Rest;
  let leading: Vigil;
  let following: Vigil;
  /** Increments that nova was asked for. */
  let increments = 0;
  const started: Vigil[] = [];

  beforeAll(async () => {
    rabbit = await startRabbit();
    cloud = createSimulatedCloud({ hosts: 10, instances: 50, start: Date.now() });
    const fault = (_: string, path: string): null => {
      if (path.includes('changes-since')) increments += 1;
      return null;
    };
    rest = await cloud.rest({ faults: { fault } });
    const redis = await useRedis();
    const { region_name: region, ...auth } = rest.credentials;
    const start = async (queue: string): Promise<Vigil> => {
      const vigil = await startVigil({
        cloud: redis.prefix,
        sources: [{ kind: 'amqp', urls: [rabbit.url], queue: { name: queue } }],
        store: { kind: 'redis', url: redis.url },
        openstack: { auth, region },
        reconcile: { increment: 1 },
        engine: { lease: 10 },
      });
      started.push(vigil);
      return vigil;
    };
    // nova's exchange is nova's to make.
    const admin = await connect(rabbit.url);
    const channel = await admin.createChannel();
    await channel.assertExchange('nova', 'topic', { durable: false });
    await admin.close();
    leading = await start('vigil.one');
    await isReady(leading);
    following = await start('vigil.other');
    await isReady(following);
  });

  afterAll(async () => {
    for (const vigil of started) await vigil.stop();
    await rest?.close();
    await rabbit?.stop();
  });

  it('are one to nova: one makes the passes', async () => {
    const before = [increments, await made(leading, 'changes')] as const;
    await eventually(
      () => made(leading, 'changes'),
      (now) => now > before[1] + 5,
    );
    const passes = (await made(leading, 'changes')) - before[1];
    expect(Math.abs(increments - before[0] - passes)).toBeLessThanOrEqual(2);
    for (const kind of ['full', 'changes', 'services', 'touched']) expect(await made(following, kind)).toBe(0);
  });

  it('answer alike about them', async () => {
    const { ended } = await following.get<Drift>('/model/drift');
    expect(ended.full.complete).toBe(await made(leading, 'full'));
    const set = await fetch(`${following.url}/model/reconcile`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ services: 7 }),
    });
    expect(set.status).toBe(200);
    for (const { get } of [leading, following])
      expect((await get<Drift>('/model/drift')).intervals).toMatchObject({ services: 7 });
  });

  it('mend a gap in the source of one that makes none', async () => {
    const before = await made(leading, 'full');
    const admin = await connect(rabbit.url);
    const channel = await admin.createChannel();
    await channel.deleteQueue('vigil.other');
    await admin.close();
    await eventually(
      () => made(leading, 'full'),
      (fulls) => fulls === before + 1,
    );
    await isReady(following);
    expect(await made(following, 'full')).toBe(0);
    // Which the one whose queue it was not takes no part in.
    expect(await made(leading, 'full')).toBe(before + 1);
  });

  it('go on when the one that makes them is killed, with a full pass and the same intervals', async () => {
    await leading.kill();
    await eventually(
      () => made(following, 'full'),
      (fulls) => fulls === 1,
    );
    expect((await following.get<Drift>('/model/drift')).intervals).toMatchObject({ services: 7 });
    await leading.restart();
    [leading, following] = [following, leading];
    await isReady(following);
    expect(await made(following, 'full')).toBe(0);
    expect(await made(following, 'changes')).toBe(0);
  });

  it('go on when it is paused, which makes none when it wakes', async () => {
    leading.signal('SIGSTOP');
    await eventually(
      () => made(following, 'full'),
      (fulls) => fulls === 1,
    );
    leading.signal('SIGCONT');
    [leading, following] = [following, leading];
    await isReady(following);
    await eventually(
      () => following.get<Drift>('/model/drift'),
      ({ ended }) => ended.full.complete === 1,
    );
    const woken = await made(following, 'changes');
    const asked = await made(leading, 'changes');
    await eventually(
      () => made(leading, 'changes'),
      (now) => now > asked + 3,
    );
    expect(await made(following, 'changes')).toBe(woken);
    expect(await made(leading, 'full')).toBe(1);
  });
});

const isReady = (vigil: Vigil): Promise<Ready> =>
  eventually(
    () => vigil.get<Ready>('/readyz'),
    ({ ready }) => ready,
  );

/** How many complete passes of a kind a process has made. */
async function made({ url }: Vigil, kind: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(
    new RegExp(`^vigil_passes_total\\{kind="${kind}",complete="true"[^}]*\\} (\\d+)$`, 'm').exec(metrics)?.[1],
  );
}
