import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badNetwork } from '../../sim/faults.ts';
import { createSimulatedCloud, type Emission, type SimulatedCloud } from '../../sim/index.ts';
import { publishAmqp } from '../../sim/publish-amqp.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Running, run } from '../../src/run.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';

const EVENTS = 100_000;
/** nova's clock is an hour behind ours. */
const BEHIND_MS = 3_600_000;

let rabbit: RabbitServer;
let folder: string;

beforeAll(async () => {
  rabbit = await startRabbit();
  folder = await mkdtemp(join(tmpdir(), 'vigil-sim-'));
});
afterAll(async () => {
  await rabbit.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Vigil on its embedded store, as configured by a file, reading the cloud's broker and API. */
async function startVigil(credentials: Readonly<Record<string, string>>): Promise<Running> {
  const { region_name: region, ...auth } = credentials;
  const file = join(folder, 'vigil.yaml');
  const config = {
    listen: { port: 0 },
    store: { kind: 'embedded', path: join(folder, 'store') },
    sources: [{ kind: 'amqp', urls: [rabbit.url] }],
    openstack: { auth, region },
    reconcile: { increment: 10 },
  };
  await writeFile(file, JSON.stringify(config));
  const loaded = await loadConfig({ file });
  return run(loaded.config, pino({ level: 'silent' }), (error) => {
    throw error;
  });
}

/** What the model has wrong, as text. */
function differences(cloud: SimulatedCloud, { state: { model } }: Running): string[] {
  const wrong: string[] = [];
  for (const { uuid, deleted, host, node, state, task_state } of cloud.truth().instances) {
    const instance = model.instance(uuid);
    const held = [instance?.place?.host, instance?.place?.node, instance?.state?.vm_state, instance?.state?.task_state];
    const real = deleted ? [undefined, undefined, undefined, undefined] : [host, node, state, task_state];
    if (JSON.stringify(held) !== JSON.stringify(real)) wrong.push(`${uuid} is ${real.join()}, held ${held.join()}`);
  }
  for (const { name, disabled, forced_down } of cloud.truth().hosts) {
    const service = model.host(name)?.service;
    if (service?.disabled !== disabled || service.forced_down !== forced_down) wrong.push(`service of ${name}`);
  }
  return wrong;
}

test('the model is the truth after 100,000 events, some out of order or twice, and a broker killed and started in between', {
  timeout: 400_000,
}, async () => {
  const cloud = createSimulatedCloud({
    hosts: 100,
    instances: 4000,
    operationsPerSecond: 300,
    seed: 9,
    start: Date.now() - BEHIND_MS,
  });
  const rest = await cloud.rest();
  const publisher = await publishAmqp({ url: rabbit.url });
  const network = badNetwork<Emission>({ seed: 1, reorder: 300, duplicate: 0.05 }, (emission) =>
    publisher.publish(emission),
  );
  let sent = 0;
  cloud.onEmission((emission) => {
    sent++;
    network.push(emission);
  });
  const vigil = await startVigil(rest.credentials);
  cloud.run();
  const until = (count: number) => expect.poll(() => sent, { timeout: 180_000, interval: 200 }).toBeGreaterThan(count);
  await until(EVENTS / 2);
  await rabbit.kill();
  await until(EVENTS / 2 + 5000);
  await rabbit.restart();
  await until(EVENTS);
  cloud.stop();
  cloud.settle();
  network.end();
  await publisher.flushed();
  const wrong = () => differences(cloud, vigil);
  await expect.poll(() => wrong().slice(0, 5), { timeout: 120_000, interval: 1000 }).toEqual([]);
  expect(vigil.state.counters().messages).toBeGreaterThan(EVENTS / 2);
  expect(vigil.state.counters().deadLetters).toBe(0);
  expect(vigil.state.sources()[0]?.gaps).toBeGreaterThan(0);
  expect(vigil.state.model.instanceCount()).toBe(cloud.truth().instances.filter(({ deleted }) => !deleted).length);
  await vigil.stop();
  await publisher.close();
  await rest.close();
});
