import { SECOND } from './clock/time.ts';
import type { Cloud } from './cloud.ts';
import { boot, createInstance } from './operations/boot.ts';
import { deleteInstance } from './operations/delete.ts';
import { liveMigration } from './operations/live-migration.ts';
import { hostOf } from './operations/migration.ts';
import type { Instance } from './state/types.ts';

/** One kind of operation that a cloud begins by itself. */
interface Entry {
  readonly name: string;
  /** How often, in relation to the others. */
  readonly weight: number;
  /** Begins one; false when nothing there is fit for it now. */
  readonly begin: (cloud: Cloud) => boolean;
}

/** Tries before it is taken that no instance in these states is free. */
const TRIES = 8;

/** A free instance in one of the states, on a host that can do something; all such are equally likely. */
function drawInstance(cloud: Cloud, states: readonly string[]): Instance | undefined {
  const sets = states.map((state) => cloud.instances.inState(state));
  const total = sets.reduce((sum, set) => sum + set.size, 0);
  for (let i = 0; i < TRIES && total > 0; i++) {
    let place = cloud.random.int(total);
    const set = sets.find((candidate) => {
      place -= candidate.size;
      return place < 0;
    });
    const instance = set?.draw(cloud.random);
    if (instance !== undefined && !instance.busy && canAct(cloud, instance)) return instance;
  }
  return undefined;
}

function canAct(cloud: Cloud, instance: Instance): boolean {
  if (instance.row.host === null) return true;
  const host = hostOf(cloud, instance);
  return host.alive && !host.forcedDown && !host.draining;
}

const MIX: readonly Entry[] = [
  {
    name: 'boot',
    weight: 10,
    begin: (cloud) => {
      if (cloud.instances.alive > cloud.options.instances) return false;
      const { random, fabric } = cloud;
      const actor = random.pick(fabric.tenants);
      const instance = createInstance(cloud, {
        name: `vm-${random.hex().slice(0, 6)}`,
        flavor: random.pick(fabric.flavors),
        image: random.chance(0.2) ? null : random.pick(fabric.images),
        actor,
      });
      const failures = random.chance(cloud.options.failures) ? 1 : 0;
      cloud.begin(boot(cloud, cloud.request(actor), instance, failures), instance);
      return true;
    },
  },
  {
    name: 'delete',
    weight: 10,
    begin: (cloud) => {
      if (cloud.instances.alive < cloud.options.instances) return false;
      const instance = drawInstance(cloud, ['active', 'stopped', 'error']);
      if (instance === undefined) return false;
      cloud.begin(deleteInstance(cloud, cloud.request(instance.row.actor), instance), instance);
      return true;
    },
  },
  {
    name: 'live-migration',
    weight: 20,
    begin: (cloud) => {
      const instance = drawInstance(cloud, ['active', 'paused']);
      if (instance === undefined) return false;
      cloud.begin(liveMigration(cloud, cloud.request(cloud.fabric.admin), instance), instance);
      return true;
    },
  },
];

const TOTAL = MIX.reduce((sum, entry) => sum + entry.weight, 0);

function drawEntry(cloud: Cloud): Entry {
  let draw = cloud.random.float() * TOTAL;
  for (const entry of MIX) {
    draw -= entry.weight;
    if (draw < 0) return entry;
  }
  return MIX[0] as Entry;
}

/** Lets the cloud live: begins operations at random times until the returned function is called. */
export function live(cloud: Cloud): () => void {
  let living = cloud.options.operationsPerSecond > 0;
  const again = (): void => {
    if (!living) return;
    for (let i = 0; i < TRIES && !drawEntry(cloud).begin(cloud); i++);
    schedule();
  };
  const schedule = (): void => {
    const wait = cloud.random.exponential(SECOND / cloud.options.operationsPerSecond);
    cloud.at(cloud.now + Math.ceil(wait), again);
  };
  if (living) schedule();
  return () => {
    living = false;
  };
}
