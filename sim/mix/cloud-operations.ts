import type { Cloud, Process } from '../cloud.ts';
import {
  addHost,
  createAggregate,
  deleteAggregate,
  newAggregate,
  removeHost,
  renameAggregate,
  updateMetadata,
} from '../operations/aggregate.ts';
import { boot, createInstance } from '../operations/boot.ts';
import { hostFailure } from '../operations/host-failure.ts';
import { createGroup, deleteGroup } from '../operations/server-group.ts';
import { changeService } from '../operations/service.ts';
import type { Host, ServerGroup } from '../state/types.ts';
import type { MixEntry } from './entry.ts';

/** Racks (aggregates that are no zones) and groups above this number are deleted rather than made. */
const MOST_RACKS = 12;
const GROUPS_PER_INSTANCE = 0.01;

/** Operations on the cloud itself rather than on one of its instances. */
export const CLOUD_OPERATIONS: readonly MixEntry[] = [
  { name: 'boot', weight: 14, begin: beginBoot },
  { name: 'service', weight: 0.6, begin: beginMaintenance },
  { name: 'host-failure', weight: 0.03, begin: beginFailure },
  { name: 'aggregate', weight: 0.5, begin: beginAggregate },
  { name: 'server-group', weight: 0.5, begin: beginGroup },
];

function beginBoot(cloud: Cloud): boolean {
  if (cloud.instances.alive > cloud.options.instances) return false;
  const { random, fabric, options } = cloud;
  const group = cloud.groups.size > 0 && random.chance(0.05) ? random.pick([...cloud.groups.values()]) : null;
  const actor = group?.actor ?? random.pick(fabric.tenants);
  const instance = createInstance(cloud, {
    name: `vm-${random.hex().slice(0, 6)}`,
    flavor: random.pick(fabric.flavors.slice(0, random.chance(0.8) ? 3 : fabric.flavors.length)),
    image: random.chance(0.2) ? null : random.pick(fabric.images),
    actor,
    group,
    metadata: random.chance(0.3) ? { role: random.pick(['db', 'web', 'cache']) } : {},
    tags: random.chance(0.1) ? ['gold'] : [],
  });
  const failures = random.chance(options.failures) ? 1 + random.int(3) : 0;
  cloud.begin(boot(cloud, cloud.request(actor), instance, failures), instance);
  return true;
}

/** A host that runs and is in use. */
function drawHost(cloud: Cloud): Host | undefined {
  const host = cloud.random.pick(cloud.fabric.hosts);
  return host.alive && !host.disabled && !host.forcedDown && !host.draining ? host : undefined;
}

/** A host is taken out of service for some minutes, and put back. */
function beginMaintenance(cloud: Cloud): boolean {
  const host = drawHost(cloud);
  if (host === undefined) return false;
  cloud.begin(maintenance(cloud, host));
  return true;
}

function* maintenance(cloud: Cloud, host: Host): Process {
  const { admin } = cloud.fabric;
  const disabledReason = cloud.random.pick(['maintenance', 'kernel update', null]);
  changeService(cloud, cloud.request(admin), host, { disabled: true, disabledReason });
  yield 60_000;
  changeService(cloud, cloud.request(admin), host, { disabled: false });
}

/** At most one host in ten fails at a time. */
function beginFailure(cloud: Cloud): boolean {
  const down = cloud.fabric.hosts.filter((host) => !host.alive || host.draining).length;
  const host = drawHost(cloud);
  if (host === undefined || (down + 1) * 10 > cloud.fabric.hosts.length) return false;
  cloud.begin(hostFailure(cloud, host));
  return true;
}

/** The zones stay as they are; racks come, change and go. */
function beginAggregate(cloud: Cloud): boolean {
  const { random } = cloud;
  const request = cloud.request(cloud.fabric.admin);
  const racks = cloud.aggregates.all().filter((aggregate) => aggregate.name.startsWith('rack-'));
  if (racks.length < MOST_RACKS && random.chance(0.4)) {
    const metadata = { row: String(random.int(9)) };
    const aggregate = newAggregate(cloud, `rack-${random.hex().slice(0, 4)}`, metadata);
    cloud.begin(createAggregate(cloud, request, aggregate));
    return true;
  }
  if (racks.length === 0) return false;
  const rack = random.pick(racks);
  const host = random.pick(cloud.fabric.hosts);
  const member = cloud.hosts.get(rack.hosts[0] ?? '');
  const kind = random.int(4);
  if (kind === 0) cloud.begin(renameAggregate(cloud, request, rack, `rack-${random.hex().slice(0, 4)}`));
  else if (kind === 1) cloud.begin(updateMetadata(cloud, request, rack, { row: String(random.int(9)), spare: null }));
  else if (kind === 2 && !rack.hosts.includes(host.name)) cloud.begin(addHost(cloud, request, rack, host));
  else if (member !== undefined) cloud.begin(removeHost(cloud, request, rack, member));
  else cloud.begin(deleteAggregate(cloud, request, rack));
  return true;
}

const POLICIES: readonly ServerGroup['policy'][] = ['anti-affinity', 'soft-anti-affinity', 'soft-affinity', 'affinity'];

function beginGroup(cloud: Cloud): boolean {
  const { random } = cloud;
  const groups = [...cloud.groups.values()];
  if (groups.length < 3 + cloud.options.instances * GROUPS_PER_INSTANCE && random.chance(0.7)) {
    const actor = random.pick(cloud.fabric.tenants);
    const name = `group-${random.hex().slice(0, 4)}`;
    createGroup(cloud, cloud.request(actor), actor, name, random.pick(POLICIES));
    return true;
  }
  const empty = groups.find((group) => group.members.every((uuid) => isGone(cloud, uuid)));
  if (empty === undefined) return false;
  deleteGroup(cloud, cloud.request(empty.actor), empty);
  return true;
}

function isGone(cloud: Cloud, uuid: string): boolean {
  const state = cloud.instances.get(uuid)?.row.state;
  return state === undefined || state === 'deleted';
}
