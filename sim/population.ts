import type { Cloud } from './cloud.ts';
import { createInstance } from './operations/boot.ts';
import { placedOn } from './operations/migration.ts';
import { bootsFromVolume, demandOf } from './operations/scheduling.ts';
import type { Flavor, Host, Instance, ServerGroup } from './state/types.ts';

/** The states in which a cloud that has lived a while is found, with their shares. */
const STATES: readonly (readonly [share: number, state: string, powerState: string])[] = [
  [0.88, 'active', 'running'],
  [0.09, 'stopped', 'shutdown'],
  [0.01, 'paused', 'paused'],
  [0.02, 'suspended', 'suspended'],
];

const RUNNING = [1, 'active', 'running'] as const;

const ZONES = ['az-1', 'az-2'] as const;
/** Every so manyth host has fast disks. */
const SSD_EVERY = 5;
/** Instances per server group at the start, and how many of the instances are in one. */
const GROUP_SIZE = 3;
const GROUPED_SHARE = 0.03;
/** How long ago the last of them was booted, and in what time all were, in seconds. */
const YOUNGEST = 600;
const DAY = 86_400;

/** Fills a new cloud: zones and racks, groups, and instances that have been there for a while. Nothing is sent. */
export function populate(cloud: Cloud): void {
  makeAggregates(cloud);
  const { random, fabric, options } = cloud;
  let group: ServerGroup | null = null;
  for (let i = 0; i < options.instances; i++) {
    if (i < options.instances * GROUPED_SHARE && i % GROUP_SIZE === 0) group = makeGroup(cloud, i / GROUP_SIZE);
    const grouped = i < options.instances * GROUPED_SHARE ? group : null;
    const instance = createInstance(cloud, {
      name: `vm-${i + 1}`,
      flavor: random.pick(fabric.flavors.slice(0, random.chance(0.8) ? 3 : fabric.flavors.length)),
      image: random.chance(0.2) ? null : random.pick(fabric.images),
      actor: grouped?.actor ?? random.pick(fabric.tenants),
      group: grouped,
      zone: random.chance(0.1) && options.hosts > 1 ? random.pick(ZONES) : null,
    });
    if (grouped !== null) grouped.members = [...grouped.members, instance.row.uuid];
    const age = YOUNGEST + Math.floor(DAY * (1 - i / options.instances));
    const host = settle(cloud, instance, age, null, drawState);
    if (host === null) {
      const have = `${options.hosts} hosts`;
      throw new RangeError(`simulated cloud: instance ${i + 1} of ${options.instances} finds no room on ${have}`);
    }
  }
}

function makeAggregates(cloud: Cloud): void {
  const names = [...cloud.hosts.keys()];
  const half = Math.ceil(names.length / 2);
  const make = (name: string, hosts: readonly string[], metadata: Record<string, string>): void => {
    const id = cloud.aggregates.nextId();
    const uuid = cloud.random.uuid();
    cloud.aggregates.set({ id, uuid, name, hosts, metadata, createdAt: cloud.now, updatedAt: null });
  };
  make('zone-1', names.slice(0, half), { availability_zone: ZONES[0] });
  make('zone-2', names.slice(half), { availability_zone: ZONES[1] });
  make(
    'ssd',
    names.filter((_, i) => i % SSD_EVERY === 0),
    { ssd: 'true' },
  );
}

function makeGroup(cloud: Cloud, index: number): ServerGroup {
  const group: ServerGroup = {
    uuid: cloud.random.uuid(),
    name: `group-${index + 1}`,
    actor: cloud.random.pick(cloud.fabric.tenants),
    policy: cloud.options.hosts > GROUP_SIZE ? 'anti-affinity' : 'soft-anti-affinity',
    rules: {},
    members: [],
  };
  cloud.groups.set(group.uuid, group);
  return group;
}

/** Adds an instance that has been running on a host for so many seconds; null when there is no room for it. */
export function settleOn(
  cloud: Cloud,
  host: Host,
  { name, flavor, steady }: { readonly name: string; readonly flavor: Flavor; readonly steady: boolean },
  age: number,
): Instance | null {
  const { random, fabric } = cloud;
  const image = random.pick(fabric.images);
  const instance = createInstance(cloud, { name, flavor, image, actor: random.pick(fabric.tenants), steady });
  if (settle(cloud, instance, age, host, () => RUNNING) !== null) return instance;
  cloud.instances.archive(instance);
  return null;
}

/** Puts an instance where the scheduler would, or on one host, and makes it look as if it had been there for a day or so. */
function settle(
  cloud: Cloud,
  instance: Instance,
  age: number,
  target: Host | null,
  stateOf: (cloud: Cloud) => (typeof STATES)[number],
): Host | null {
  const { row } = instance;
  const host = cloud.scheduler.choose(
    {
      flavor: row.flavor,
      bootsFromVolume: bootsFromVolume(row),
      zone: instance.pinnedZone,
      group: instance.group,
      uuid: row.uuid,
      exclude: [],
      target,
    },
    cloud.random,
  );
  if (host === null) return null;
  cloud.allocations.claim(row.uuid, host, demandOf(instance));
  const [, state, powerState] = stateOf(cloud);
  const createdAt = cloud.second - age;
  cloud.instances.replace(instance, {
    ...row,
    ...placedOn(cloud, host),
    createdAt,
    launchedAt: createdAt + 5,
    updatedAt: createdAt + 5,
    state,
    powerState,
    taskState: null,
  });
  instance.updatedAt = createdAt + 5;
  return host;
}

function drawState(cloud: Cloud): (typeof STATES)[number] {
  let draw = cloud.random.float();
  for (const entry of STATES) {
    draw -= entry[0];
    if (draw < 0) return entry;
  }
  return RUNNING;
}
