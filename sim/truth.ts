import type { Cloud } from './cloud.ts';
import type { Instance } from './state/types.ts';

/** Where an instance really is. A deleted one is nowhere. */
export interface TrueInstance {
  readonly uuid: string;
  readonly host: string | null;
  readonly node: string | null;
  readonly state: string;
  readonly task_state: string | null;
  readonly deleted: boolean;
  readonly power_state: string;
  /** Name of the flavor. */
  readonly flavor: string;
  readonly project_id: string;
  readonly availability_zone: string | null;
  readonly display_name: string;
  readonly locked: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

/** A compute host and what is on it. */
export interface TrueHost {
  readonly name: string;
  readonly node: string;
  readonly service_uuid: string;
  readonly alive: boolean;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly forced_down: boolean;
  readonly availability_zone: string;
  /** Uuids of the instances whose row names it, sorted. */
  readonly instances: readonly string[];
}

/** An aggregate as it is. */
export interface TrueAggregate {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A server group as it is. */
export interface TrueServerGroup {
  readonly uuid: string;
  readonly name: string;
  readonly policy: string;
  /** Those that are not deleted, sorted. */
  readonly members: readonly string[];
}

/** The cloud as nova's own database has it at this moment; instances sorted by uuid. */
export interface Truth {
  readonly instances: readonly TrueInstance[];
  readonly hosts: readonly TrueHost[];
  readonly aggregates: readonly TrueAggregate[];
  readonly server_groups: readonly TrueServerGroup[];
}

/** Takes a picture of everything. */
export function truthOf(cloud: Cloud): Truth {
  return {
    instances: [...cloud.instances.all()].map(trueInstance).sort(byUuid),
    hosts: [...cloud.hosts.values()].map((host) => ({
      name: host.name,
      node: host.node,
      service_uuid: host.serviceUuid,
      alive: host.alive,
      disabled: host.disabled,
      disabled_reason: host.disabledReason,
      forced_down: host.forcedDown,
      availability_zone: cloud.aggregates.zoneOf(host),
      instances: [...cloud.instances.onHost(host.name)].map((instance) => instance.row.uuid).sort(),
    })),
    aggregates: cloud.aggregates
      .all()
      .map(({ id, uuid, name, hosts, metadata }) => ({ id, uuid, name, hosts, metadata })),
    server_groups: [...cloud.groups.values()].map((group) => ({
      uuid: group.uuid,
      name: group.name,
      policy: group.policy,
      members: group.members.filter((uuid) => cloud.instances.get(uuid)?.row.state !== 'deleted').sort(),
    })),
  };
}

function trueInstance({ row }: Instance): TrueInstance {
  const deleted = row.state === 'deleted';
  return {
    uuid: row.uuid,
    host: deleted ? null : row.host,
    node: deleted ? null : row.node,
    state: row.state,
    task_state: row.taskState,
    deleted,
    power_state: row.powerState,
    flavor: row.flavor.name,
    project_id: row.actor.projectId,
    availability_zone: row.availabilityZone,
    display_name: row.displayName,
    locked: row.locked,
    metadata: row.metadata,
    tags: row.tags,
  };
}

function byUuid(a: TrueInstance, b: TrueInstance): number {
  return a.uuid < b.uuid ? -1 : 1;
}
