import { SECOND } from '../clock/time.ts';
import type { Cloud } from '../cloud.ts';
import { contend } from '../metrics/contention.ts';
import { loadOf, type Role } from '../metrics/load.ts';
import { liveMigration } from '../operations/live-migration.ts';
import { settleOn } from '../population.ts';
import type { Flavor, Host, Instance } from '../state/types.ts';

/** What those instances do at the moment whose load is not left to chance. */
export interface Noise {
  roleOf(instance: Instance): Role | null;
}

const SILENCE: Noise = { roleOf: () => null };

/** So many instances are loud in turn, each with so many neighbours that are busy all the time. */
const NOISY = 6;
const NEIGHBOURS = 3;
/** When the first is, in seconds. */
const FIRST = 30;
/** The part of its turn in which one is loud. */
const LOUD_PART = 0.8;
/** How long ago they were booted, in seconds. */
const AGE = 90_000;

/**
 * Puts large instances beside busy ones, and lets one after the other be loud, so that its neighbours get less than they
 * ask. The cloud's own life leaves them where they are; who moves them to an emptier host brings relief. Each is
 * brought back when its turn is over, as an operator who evens out memory would.
 */
export function makeNoise(cloud: Cloud): Noise {
  const every = cloud.options.noisyEvery * SECOND;
  if (every === 0) return SILENCE;
  const crowded = busiestHosts(cloud).slice(0, NOISY);
  const homes = new Map<Instance, Host>();
  const neighbours = new Set<Instance>();
  for (const [i, host] of crowded.entries()) {
    const noisy = settleOn(cloud, host, { name: `batch-${i + 1}`, flavor: batchFlavor(host), steady: true }, AGE);
    if (noisy !== null) homes.set(noisy, host);
    for (let n = 1; n <= NEIGHBOURS; n++) {
      const busy = settleOn(cloud, host, { name: `shop-${i + 1}-${n}`, flavor: SHOP, steady: true }, AGE);
      if (busy !== null) neighbours.add(busy);
    }
  }
  let loud: Instance | null = null;
  const takeTurns = (turn: number): void => {
    const instance = [...homes.keys()][turn % homes.size];
    if (instance === undefined) return;
    loud = instance;
    cloud.at(cloud.now + every * LOUD_PART, () => {
      loud = null;
      bringBack(cloud, instance, homes.get(instance));
    });
    cloud.at(cloud.now + every, () => takeTurns(turn + 1));
  };
  cloud.at(cloud.now + FIRST * SECOND, () => takeTurns(0));
  return {
    roleOf: (instance) => {
      if (neighbours.has(instance)) return 'busy';
      if (!homes.has(instance)) return null;
      return instance === loud ? 'loud' : 'idle';
    },
  };
}

/** Smaller hosts first, as one instance can fill them, and of these those of which most is asked. */
function busiestHosts(cloud: Cloud): Host[] {
  const asked = new Map<Host, number>();
  for (const host of cloud.hosts.values()) {
    const loads = [...cloud.instances.onHost(host.name)].map((instance) => loadOf(cloud, instance, null));
    asked.set(host, contend(host.vcpus.total, loads).cpuUtil);
  }
  return [...asked].sort((a, b) => a[0].vcpus.total - b[0].vcpus.total || b[1] - a[1]).map(([host]) => host);
}

const SHOP: Flavor = {
  ...{ flavorid: 'shop', name: 'c1.shop', vcpus: 8, memoryMb: 8_192, rootGb: 20, ephemeralGb: 0, swapMb: 0 },
  extraSpecs: {},
};

/** With as many vCPUs as the host has: alone it fills it. */
function batchFlavor(host: Host): Flavor {
  const vcpus = host.vcpus.total;
  const size = { vcpus, memoryMb: 8_192, rootGb: 20, ephemeralGb: 0, swapMb: 0 };
  return { flavorid: `batch-${vcpus}`, name: `c1.batch${vcpus}`, ...size, extraSpecs: {} };
}

function bringBack(cloud: Cloud, instance: Instance, home: Host | undefined): void {
  const { row, busy } = instance;
  if (home === undefined || row.host === home.name || busy || row.state !== 'active' || row.taskState !== null) return;
  cloud.begin(liveMigration(cloud, cloud.request(cloud.fabric.admin), instance, home), instance);
}
