import { describe, expect, test } from 'vitest';
import { createSimulatedCloud, type Emission } from '../../sim/index.ts';

const OPTIONS = { seed: 7, hosts: 10, instances: 60, operationsPerSecond: 20 };

function texts(emissions: Iterable<Emission>): string[] {
  return [...emissions].map((emission) => JSON.stringify(emission));
}

describe('a simulated cloud', () => {
  test('lives the same life twice from the same seed, to the byte', () => {
    const one = createSimulatedCloud(OPTIONS);
    const two = createSimulatedCloud(OPTIONS);
    expect([...one.generate(2000)].map(String)).toEqual([...two.generate(2000)].map(String));
    expect(one.truth()).toEqual(two.truth());
  });

  test('lives another life from another seed', () => {
    const one = createSimulatedCloud(OPTIONS);
    const two = createSimulatedCloud({ ...OPTIONS, seed: 8 });
    expect(texts(one.emissions(100))).not.toEqual(texts(two.emissions(100)));
  });

  test('gives exactly as many messages as asked for, none twice and none left out between two calls', () => {
    const whole = [...createSimulatedCloud(OPTIONS).emissions(500)].map((emission) => emission.messageId);
    const cloud = createSimulatedCloud(OPTIONS);
    const parts = [...cloud.emissions(123), ...cloud.emissions(377)].map((emission) => emission.messageId);
    expect(parts).toEqual(whole);
    expect(new Set(parts).size).toBe(500);
  });

  test('stands still until it is moved on', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    const before = cloud.now();
    expect(cloud.now()).toBe(before);
    cloud.advance(2.5);
    expect(cloud.now()).toBe(before + 2500);
  });

  test('has no instance with anything under way once it is settled', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    cloud.advance(60);
    expect(cloud.truth().instances.some((instance) => instance.task_state !== null)).toBe(true);
    cloud.settle();
    expect(cloud.truth().instances.filter((instance) => instance.task_state !== null)).toEqual([]);
  });

  test('keeps about the number of instances it began with', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    cloud.advance(300);
    const alive = cloud.truth().instances.filter((instance) => !instance.deleted).length;
    expect(alive).toBeGreaterThan(50);
    expect(alive).toBeLessThan(70);
  });

  test('refuses options that make no sense, naming the option and what it may be', () => {
    expect(() => createSimulatedCloud({ hosts: 0 })).toThrow(/hosts is 0; it must be a whole number from 1 to/);
    expect(() => createSimulatedCloud({ hosts: 1, instances: 5000 })).toThrow(/finds no room on 1 hosts/);
  });

  test('lives the same life when nova is not told to send instance.update, and then sends it for tags only', () => {
    const full = createSimulatedCloud(OPTIONS);
    const silent = createSimulatedCloud({ ...OPTIONS, stateChange: 'none' });
    const [all, rest] = [full, silent].map((cloud) => {
      const sent: Emission[] = [];
      cloud.onEmission((emission) => sent.push(emission));
      cloud.advance(100);
      return sent;
    });
    const isUpdate = ({ eventType, publisherId }: Emission): boolean =>
      eventType === 'instance.update' && !publisherId.startsWith('nova-api:');
    const brief = ({ eventType, time }: Emission): string => `${time} ${eventType}`;
    expect(rest?.filter(isUpdate)).toEqual([]);
    expect(rest?.some(({ eventType }) => eventType === 'instance.update')).toBe(true);
    expect(rest?.map(brief)).toEqual(all?.filter((emission) => !isUpdate(emission)).map(brief));
    expect(silent.truth()).toEqual(full.truth());
  });

  test('tells block devices everywhere when nova is told to', () => {
    const cloud = createSimulatedCloud({ ...OPTIONS, blockDevices: true });
    const devices = [...cloud.emissions(1000)]
      .filter(({ eventType }) => eventType === 'instance.update')
      .map(({ payload }) => JSON.parse(payload) as { 'nova_object.data': { block_devices: unknown[] } })
      .map((payload) => payload['nova_object.data'].block_devices.length);
    expect(new Set(devices)).toEqual(new Set([0, 1]));
  });

  test('goes through all kinds of operations, most of its instances active all the time', () => {
    const cloud = createSimulatedCloud({ hosts: 30, instances: 600, operationsPerSecond: 10, seed: 3 });
    const kinds = new Set([...cloud.emissions(30_000)].map(({ eventType }) => eventType));
    expect(kinds.size).toBeGreaterThan(70);
    const alive = cloud.truth().instances.filter(({ deleted }) => !deleted);
    const active = alive.filter(({ state }) => state === 'active').length;
    expect(active / alive.length).toBeGreaterThan(0.75);
    expect(alive.filter(({ state }) => state === 'stopped').length).toBeGreaterThan(10);
  });

  test('has messages of the size of nova’s', () => {
    const sizes = [...createSimulatedCloud(OPTIONS).generate(3000)].map(({ length }) => length).sort((a, b) => a - b);
    expect(sizes[1500]).toBeGreaterThan(3400);
    expect(sizes[1500]).toBeLessThan(4000);
  });

  test('in real time moves on by itself, as many times faster as asked, until it is stopped', async () => {
    const cloud = createSimulatedCloud(OPTIONS);
    const sent: string[] = [];
    cloud.onEmission(({ messageId }) => sent.push(messageId));
    const begin = cloud.now();
    cloud.run(1000);
    await expect.poll(() => cloud.now() - begin).toBeGreaterThan(20_000);
    cloud.stop();
    const stopped = cloud.now();
    expect(sent.length).toBeGreaterThan(100);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(cloud.now()).toBe(stopped);
  });
});
