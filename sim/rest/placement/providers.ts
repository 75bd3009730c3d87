import type { Host, Inventory, Resources } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { notFound } from '../errors.ts';
import type { Route } from '../routes.ts';

/** All of placement. */
export const PROVIDER_ROUTES: readonly Route[] = [
  ['GET', '/resource_providers', list],
  ['GET', '/resource_providers/:id', (call) => view(call, find(call))],
  ['GET', '/resource_providers/:id/inventories', inventories],
  ['GET', '/resource_providers/:id/usages', usages],
  ['GET', '/resource_providers/:id/allocations', allocations],
  ['GET', '/resource_providers/:id/traits', traits],
  ['GET', '/resource_providers/:id/aggregates', aggregates],
  ['GET', '/allocations/:id', consumer],
  ['GET', '/usages', projectUsages],
  ['GET', '/traits', allTraits],
  ['GET', '/resource_classes', () => ({ resource_classes: CLASSES.map((name) => ({ name, links: [] })) })],
];

const CLASSES = ['VCPU', 'MEMORY_MB', 'DISK_GB'] as const;

/** Providers are not changed by anyone but the host itself, so that all stay of one generation. */
const GENERATION = 2;
const CONSUMER_GENERATION = 1;

function find(call: Call): Host {
  const id = call.params.id ?? '';
  const host = call.cloud.providers.get(id);
  if (host === undefined) throw notFound(`No resource provider with uuid ${id} found`);
  return host;
}

function list(call: Call): object {
  const name = call.query.get('name');
  // Each provider is a tree of its own.
  const uuid = call.query.get('uuid') ?? call.query.get('in_tree');
  const hosts = [...call.cloud.hosts.values()].filter(
    (host) => (name === null || host.node === name) && (uuid === null || host.nodeUuid === uuid),
  );
  return { resource_providers: hosts.map((host) => view(call, host)) };
}

const LINKS: readonly (readonly [rel: string, since: number])[] = [
  ['inventories', 0],
  ['usages', 0],
  ['aggregates', 1],
  ['traits', 6],
  ['allocations', 11],
];

function view(call: Call, host: Host): object {
  const path = `/placement/resource_providers/${host.nodeUuid}`;
  const links = LINKS.filter(([, since]) => call.version >= since).map(([rel]) => ({ rel, href: `${path}/${rel}` }));
  return {
    uuid: host.nodeUuid,
    name: host.node,
    generation: GENERATION,
    links: [{ rel: 'self', href: path }, ...links],
    ...(call.version >= 14 ? { root_provider_uuid: host.nodeUuid, parent_provider_uuid: null } : {}),
  };
}

function inventories(call: Call): object {
  const host = find(call);
  const shown = { VCPU: host.vcpus, MEMORY_MB: host.memoryMb, DISK_GB: host.diskGb };
  const entries = Object.entries(shown).map(([name, inventory]) => [name, inventoryView(inventory)]);
  return { resource_provider_generation: GENERATION, inventories: Object.fromEntries(entries) };
}

function inventoryView({ total, reserved, allocationRatio }: Inventory): object {
  return { total, reserved, min_unit: 1, max_unit: total, step_size: 1, allocation_ratio: allocationRatio };
}

function resourcesView({ vcpus, memoryMb, diskGb }: Resources): Record<string, number> {
  return { VCPU: vcpus, MEMORY_MB: memoryMb, DISK_GB: diskGb };
}

/** Allocations of nothing are not kept by placement. */
function allocated(resources: Resources): Record<string, number> {
  return Object.fromEntries(Object.entries(resourcesView(resources)).filter(([, amount]) => amount > 0));
}

function usages(call: Call): object {
  const used = resourcesView(call.cloud.allocations.used(find(call)));
  return { resource_provider_generation: GENERATION, usages: used };
}

function allocations(call: Call): object {
  const entries = [...call.cloud.allocations.on(find(call))].map(({ consumer: id, resources }) => [
    id,
    {
      resources: allocated(resources),
      ...(call.version >= 28 ? { consumer_generation: CONSUMER_GENERATION } : {}),
    },
  ]);
  return { allocations: Object.fromEntries(entries), resource_provider_generation: GENERATION };
}

function traits(call: Call): object {
  return { traits: find(call).traits, resource_provider_generation: GENERATION };
}

function aggregates(call: Call): object {
  const uuids = call.cloud.aggregates.of(find(call)).map(({ uuid }) => uuid);
  return { aggregates: uuids, ...(call.version >= 19 ? { resource_provider_generation: GENERATION } : {}) };
}

/** What one consumer (a server, or a migration that holds the other end) holds; nothing when it is unknown. */
function consumer(call: Call): object {
  const id = call.params.id ?? '';
  const held = call.cloud.allocations.of(id);
  const entries = held.map(({ host, resources }) => [
    host.nodeUuid,
    { resources: allocated(resources), generation: GENERATION },
  ]);
  const instance = call.cloud.instances.get(id) ?? migrating(call, id);
  return {
    allocations: Object.fromEntries(entries),
    ...(held.length > 0 && instance !== undefined && call.version >= 12
      ? { project_id: instance.row.actor.projectId, user_id: instance.row.actor.userId }
      : {}),
    ...(held.length > 0 && call.version >= 28 ? { consumer_generation: CONSUMER_GENERATION } : {}),
    ...(held.length > 0 && call.version >= 38 ? { consumer_type: 'unknown' } : {}),
  };
}

function migrating(call: Call, uuid: string): ReturnType<Call['cloud']['instances']['get']> {
  for (const migration of call.cloud.migrations.all()) if (migration.uuid === uuid) return migration.instance;
  return undefined;
}

function projectUsages(call: Call): object {
  const project = call.query.get('project_id');
  const total = { VCPU: 0, MEMORY_MB: 0, DISK_GB: 0 };
  let count = 0;
  for (const instance of call.cloud.instances.all()) {
    if (project !== null && instance.row.actor.projectId !== project) continue;
    const held = call.cloud.allocations.of(instance.row.uuid);
    if (held.length > 0) count++;
    for (const { resources } of held) {
      total.VCPU += resources.vcpus;
      total.MEMORY_MB += resources.memoryMb;
      total.DISK_GB += resources.diskGb;
    }
  }
  if (call.version < 38) return { usages: total };
  // Since 1.38 by type of consumer, which nova does not tell.
  const consumers = total.VCPU === 0 ? {} : { unknown: { ...total, consumer_count: count } };
  return { usages: consumers };
}

function allTraits(call: Call): object {
  return { traits: [...new Set([...call.cloud.hosts.values()].flatMap((host) => host.traits))].sort() };
}
