import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../model/metrics/catalogue.ts';
import { createSimulatedCloud, type SimulatedCloud } from '../../../sim/index.ts';
import { liveMigration } from '../../../sim/operations/live-migration.ts';
import type { Instance } from '../../../sim/state/types.ts';

const OPTIONS = { seed: 1, hosts: 20, instances: 200, operationsPerSecond: 0, noisyEvery: 300 };
/** Within the first turn. */
const LOUD = 60;

/** The latest value of a metric by resource. */
function valuesOf(cloud: SimulatedCloud, metric: string): Map<string, number> {
  const told = cloud.measure().filter((one) => one.metric === metric);
  return new Map(told.map(({ labels, value }) => [labels.uuid ?? labels.host ?? '', value]));
}

function batch(cloud: SimulatedCloud): Instance[] {
  return [...cloud.cloud.instances.all()].filter(({ row }) => row.displayName.startsWith('batch-'));
}

function mostStealOn(cloud: SimulatedCloud, host: string, except: Instance): number {
  const steal = valuesOf(cloud, 'cpu_steal');
  const others = [...cloud.cloud.instances.onHost(host)].filter((one) => one !== except);
  return Math.max(...others.map(({ row }) => steal.get(row.uuid) ?? 0));
}

describe('what is measured in a simulated cloud', () => {
  test('has names of the catalogue, of what each may be measured, and believable values', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    cloud.advance(LOUD);
    const known = new Map(CATALOGUE.map((metric) => [metric.name, metric]));
    for (const { metric, labels, value, time } of cloud.measure()) {
      expect(known.get(metric)?.of).toContain(labels.uuid === undefined ? 'host' : 'instance');
      expect(value).toBeGreaterThanOrEqual(0);
      if (known.get(metric)?.unit === '%') expect(value).toBeLessThanOrEqual(100);
      expect(time).toBe(cloud.now() / 1_000);
    }
  });

  test('is of every host that lives and of every instance that runs, of no other', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    const running = [...cloud.cloud.instances.all()].filter(({ row }) => row.state === 'active');
    const measured = [...valuesOf(cloud, 'cpu_util').keys()];
    expect(measured.sort()).toEqual([...cloud.cloud.hosts.keys(), ...running.map(({ row }) => row.uuid)].sort());
    const [host] = cloud.cloud.hosts.values();
    if (host !== undefined) host.alive = false;
    expect(valuesOf(cloud, 'cpu_util').has(host?.name ?? '')).toBe(false);
  });

  test('adds up: a host is as busy as its instances and its hypervisor make it', () => {
    const cloud = createSimulatedCloud({ ...OPTIONS, noisyEvery: 0 });
    const util = valuesOf(cloud, 'cpu_util');
    for (const { name, vcpus } of cloud.cloud.hosts.values()) {
      const used = [...cloud.cloud.instances.onHost(name)].map(
        ({ row }) => ((util.get(row.uuid) ?? 0) / 100) * row.flavor.vcpus,
      );
      const share = (100 * used.reduce((sum, one) => sum + one, 0)) / vcpus.total;
      expect(util.get(name)).toBeCloseTo(share + 2, 1);
    }
  });

  test('is the same for the same seed and time', () => {
    const one = createSimulatedCloud(OPTIONS);
    const two = createSimulatedCloud(OPTIONS);
    one.advance(LOUD);
    two.advance(LOUD);
    expect(one.measure()).toEqual(two.measure());
  });
});

describe('a noisy neighbour', () => {
  test('takes from its neighbours when it gets loud, and no longer once it is on an emptier host', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    const [noisy] = batch(cloud);
    const home = noisy?.row.host ?? '';
    if (noisy === undefined) throw new Error('there is none');
    expect(mostStealOn(cloud, home, noisy)).toBe(0);
    cloud.advance(LOUD);
    expect(mostStealOn(cloud, home, noisy)).toBeGreaterThan(10);
    const large = [...cloud.cloud.hosts.values()].find(({ vcpus }) => vcpus.total === 96);
    cloud.cloud.begin(liveMigration(cloud.cloud, cloud.cloud.request(null), noisy, large ?? null), noisy);
    cloud.advance(LOUD);
    expect(noisy.row.host).toBe(large?.name);
    expect(mostStealOn(cloud, home, noisy)).toBe(0);
    expect(mostStealOn(cloud, large?.name ?? '', noisy)).toBe(0);
  });

  test('is quiet again after its turn, is brought back, and another one has its turn', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    const [first, second] = batch(cloud);
    if (first === undefined || second === undefined) throw new Error('there are too few');
    const homes = [first.row.host, second.row.host];
    cloud.advance(LOUD);
    cloud.cloud.begin(liveMigration(cloud.cloud, cloud.cloud.request(null), first), first);
    cloud.advance(LOUD);
    expect(first.row.host).not.toBe(homes[0]);
    cloud.advance(OPTIONS.noisyEvery);
    expect(first.row.host).toBe(homes[0]);
    expect(mostStealOn(cloud, homes[0] ?? '', first)).toBe(0);
    expect(mostStealOn(cloud, homes[1] ?? '', second)).toBeGreaterThan(10);
  });

  test('is left where it is by the cloud’s own life', () => {
    const cloud = createSimulatedCloud({ ...OPTIONS, operationsPerSecond: 20, failures: 0 });
    const before = batch(cloud).map(({ row }) => row.uuid);
    cloud.advance(300);
    expect(batch(cloud).map(({ row }) => row.uuid)).toEqual(before);
    expect(batch(cloud).every(({ row }) => row.flavor.name.startsWith('c1.batch'))).toBe(true);
  });

  test('is not there when none is asked for', () => {
    expect(batch(createSimulatedCloud({ ...OPTIONS, noisyEvery: 0 }))).toEqual([]);
  });
});
