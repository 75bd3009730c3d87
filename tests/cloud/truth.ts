import type { NovaDriver, Row } from './nova.ts';

/** What Vigil should show, by id, as nova and placement have it; times as milliseconds, lists in one order. */
export interface Truth {
  readonly instances: ReadonlyMap<string, Row>;
  readonly hosts: ReadonlyMap<string, Row>;
  readonly aggregates: ReadonlyMap<string, Row>;
  readonly server_groups: ReadonlyMap<string, Row>;
}

const POWER = ['pending', 'running', '', 'paused', 'shutdown', '', 'crashed', 'suspended'];
/** States of a migration that has ended. */
const ENDED = ['completed', 'done', 'confirmed', 'reverted', 'error', 'failed', 'cancelled'];
/** The last microversion in which nova itself says how large a hypervisor is. */
const HYPERVISOR_VERSION = '2.87';

/** Reads everything anew. */
export async function readTruth(cloud: NovaDriver): Promise<Truth> {
  const servers = await cloud.list('/servers/detail?all_tenants=1&limit=500', 'servers');
  const groups = await cloud.list('/os-server-groups?all_projects=true', 'server_groups');
  const aggregates = await cloud.list('/os-aggregates', 'aggregates');
  const migrations = await cloud.list('/os-migrations?limit=500', 'migrations');
  const services = await cloud.services();
  const hypervisors = await cloud.list('/os-hypervisors/detail?limit=500', 'hypervisors', HYPERVISOR_VERSION);
  const nodes = await Promise.all(hypervisors.map((hypervisor) => nodeOf(cloud, hypervisor)));
  const instances = servers.map((server) => instanceOf(server, groups, migrations));
  return {
    instances: byKey(instances, 'uuid'),
    hosts: byKey(
      services.map((service) => hostOf(service, aggregates, nodes, instances)),
      'name',
    ),
    aggregates: byKey(aggregates.map(aggregateOf), 'uuid'),
    server_groups: byKey(groups.map(groupOf), 'uuid'),
  };
}

function instanceOf(server: Row, groups: readonly Row[], migrations: readonly Row[]): Row {
  const flavor = server.flavor as Row;
  const image = server.image as Row | '';
  return {
    uuid: server.id,
    name: server.name,
    host: server['OS-EXT-SRV-ATTR:host'],
    node: server['OS-EXT-SRV-ATTR:hypervisor_hostname'],
    state: server['OS-EXT-STS:vm_state'],
    task_state: server['OS-EXT-STS:task_state'],
    power_state: POWER[Number(server['OS-EXT-STS:power_state'])],
    project_id: server.tenant_id,
    user_id: server.user_id,
    hostname: server['OS-EXT-SRV-ATTR:hostname'],
    flavor: {
      name: flavor.original_name,
      vcpus: flavor.vcpus,
      memory_mb: flavor.ram,
      root_gb: flavor.disk,
      ephemeral_gb: flavor.ephemeral,
      swap_mb: flavor.swap,
      extra_specs: flavor.extra_specs,
    },
    image_id: image === '' ? null : image.id,
    az: server['OS-EXT-AZ:availability_zone'] || 'nova',
    metadata: server.metadata,
    tags: sorted(server.tags as string[]),
    locked: server.locked,
    locked_reason: server.locked_reason,
    volumes: sorted((server['os-extended-volumes:volumes_attached'] as Row[]).map(({ id }) => String(id))),
    server_groups: sorted(
      groups.filter(({ members }) => (members as unknown[]).includes(server.id)).map(({ id }) => String(id)),
    ),
    migration: migrationOf(String(server.id), migrations),
    constraints: {
      scheduler_hints: Object.fromEntries(
        Object.entries((server.scheduler_hints ?? {}) as Row).map(([hint, value]) => [hint, [value].flat()]),
      ),
      ...(image === '' ? {} : { image_properties: image.properties }),
      pinned_zone: server.pinned_availability_zone,
    },
    created_at: millis(server.created),
    launched_at: millis(server['OS-SRV-USG:launched_at']),
  };
}

function migrationOf(uuid: string, migrations: readonly Row[]): Row | null {
  const [newest] = migrations
    .filter(({ instance_uuid, status }) => instance_uuid === uuid && !ENDED.includes(String(status)))
    .sort((a, b) => Number(b.id) - Number(a.id));
  if (newest === undefined) return null;
  return {
    uuid: newest.uuid,
    id: newest.id,
    type: newest.migration_type,
    status: newest.status,
    source_host: newest.source_compute,
    source_node: newest.source_node,
    dest_host: newest.dest_compute,
    dest_node: newest.dest_node,
  };
}

function hostOf(service: Row, aggregates: readonly Row[], nodes: readonly NodeRead[], instances: readonly Row[]): Row {
  const own = nodes.filter(({ host }) => host === service.host).map(({ node }) => node);
  const here = instances.filter(({ host }) => host === service.host).map(({ flavor }) => flavor as Row);
  const claims = own.map((node) => node.claims as { consumers: number; resources: Record<string, number> });
  const sum = (of: (one: Row) => number, from: readonly Row[]): number => from.reduce((all, one) => all + of(one), 0);
  const claimed = (resource: string): number => claims.reduce((all, one) => all + (one.resources[resource] ?? 0), 0);
  return {
    name: service.host,
    service: {
      uuid: service.id,
      disabled: service.status === 'disabled',
      disabled_reason: service.disabled_reason,
      forced_down: service.forced_down,
    },
    up: service.state === 'up',
    az: service.zone,
    aggregates: aggregates
      .filter(({ hosts }) => (hosts as unknown[]).includes(service.host))
      .map(({ uuid, name }) => ({ uuid, name }))
      .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
    nodes: own,
    instances: {
      count: here.length,
      vcpus: sum(({ vcpus }) => Number(vcpus), here),
      memory_mb: sum(({ memory_mb }) => Number(memory_mb), here),
      disk_gb: sum(({ root_gb, ephemeral_gb }) => Number(root_gb) + Number(ephemeral_gb), here),
    },
    claims: {
      count: claims.reduce((all, { consumers }) => all + consumers, 0),
      vcpus: claimed('VCPU'),
      memory_mb: claimed('MEMORY_MB'),
      disk_gb: claimed('DISK_GB'),
    },
  };
}

interface NodeRead {
  readonly host: unknown;
  readonly node: Row;
}

async function nodeOf(cloud: NovaDriver, hypervisor: Row): Promise<NodeRead> {
  const provider = `/resource_providers/${hypervisor.id}`;
  const inventories = (await cloud.placement(`${provider}/inventories`)).inventories as Record<string, Row>;
  const { traits } = await cloud.placement(`${provider}/traits`);
  const allocations = (await cloud.placement(`${provider}/allocations`)).allocations as Record<string, Row>;
  const resources: Record<string, number> = {};
  for (const { resources: claimed } of Object.values(allocations)) {
    for (const [resource, amount] of Object.entries(claimed as Record<string, number>))
      resources[resource] = (resources[resource] ?? 0) + amount;
  }
  const node = {
    name: hypervisor.hypervisor_hostname,
    uuid: hypervisor.id,
    vcpus: hypervisor.vcpus,
    memory_mb: hypervisor.memory_mb,
    disk_gb: hypervisor.local_gb,
    hypervisor_type: hypervisor.hypervisor_type,
    provider: {
      inventories: Object.fromEntries(
        Object.entries(inventories).map(([resource, { total, reserved, allocation_ratio }]) => [
          resource,
          { total, reserved, allocation_ratio },
        ]),
      ),
      traits: sorted(traits as string[]),
    },
    claims: { consumers: Object.keys(allocations).length, resources },
  };
  return { host: (hypervisor.service as Row).host, node };
}

function aggregateOf({ uuid, id, name, hosts, metadata }: Row): Row {
  const az = (metadata as Row).availability_zone ?? null;
  return { uuid, id, name, az, hosts: sorted(hosts as string[]), metadata };
}

function groupOf({ id, name, policy, rules, project_id, members }: Row): Row {
  const max = (rules as Row).max_server_per_host ?? null;
  return { uuid: id, name, policy, max_server_per_host: max, project_id, members: sorted(members as string[]) };
}

/** A time as nova writes it in one place or the other. */
export function millis(time: unknown): number | null {
  if (typeof time !== 'string') return null;
  return Date.parse(/Z$|[+-]\d\d:\d\d$/.test(time) ? time : `${time}Z`);
}

export function sorted(values: readonly string[]): string[] {
  return [...values].sort();
}

function byKey(rows: readonly Row[], key: string): Map<string, Row> {
  return new Map(rows.map((row) => [String(row[key]), row]));
}
