import type { Value } from './fact.ts';

/** Where an instance is. `node` is the hypervisor node, null when only the host is known. Source: nova `host`, `node`. */
export interface Place {
  readonly [key: string]: Value;
  readonly host: string | null;
  readonly node: string | null;
}

/** nova's `vm_state` and `task_state`; not the API's status word, which is made of the two. */
export interface State {
  readonly [key: string]: Value;
  readonly vm_state: string | null;
  readonly task_state: string | null;
}

/** What an instance was promised. Memory in MiB, disks in GiB, swap in MiB, as nova counts them. */
export interface Flavor {
  readonly [key: string]: Value;
  readonly name: string;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly root_gb: number;
  readonly ephemeral_gb: number;
  readonly swap_mb: number;
  readonly extra_specs: { readonly [key: string]: string };
}

/** What an instance is called and whose it is. `image_id` is null for an instance that boots from a volume. */
export interface Identity {
  readonly [key: string]: Value;
  readonly name: string | null;
  readonly hostname: string | null;
  readonly project_id: string | null;
  readonly user_id: string | null;
  readonly image_id: string | null;
  readonly created_at: string | null;
  readonly launched_at: string | null;
}

export interface Lock {
  readonly [key: string]: Value;
  readonly locked: boolean;
  readonly reason: string | null;
}

/** The last failure nova reported of an instance. `at` is in microseconds since 1970. */
export interface Fault {
  readonly [key: string]: Value;
  readonly exception: string | null;
  readonly message: string | null;
  readonly at: number;
}

/** One row of nova's `services` for a nova-compute. A host's service that is recreated has a new uuid. */
export interface Service {
  readonly [key: string]: Value;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly forced_down: boolean;
}

/** Whether nova counts a host's service as up: told by polling only, no notification says it. */
export interface Heartbeat {
  readonly [key: string]: Value;
  readonly up: boolean;
}

/** What a hypervisor node has to give. Memory in MiB, disk in GiB. Source: nova `os-hypervisors`. */
export interface Inventory {
  readonly [key: string]: Value;
  /** Of the compute node: the hypervisor's id in nova and the root resource provider's in placement. */
  readonly uuid: string;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly disk_gb: number;
  readonly hypervisor_type: string | null;
}

/**
 * What placement holds of a node: its resource provider with those below it, amounts added up by resource class (`VCPU`,
 * `MEMORY_MB`, `DISK_GB`, `PCPU`, custom ones), and all their traits, sorted.
 */
export interface Provider {
  readonly [key: string]: Value;
  readonly inventories: { readonly [resourceClass: string]: ProviderInventory };
  readonly traits: readonly string[];
}

/** How much can be claimed is `(total - reserved) * allocation_ratio`. */
export interface ProviderInventory {
  readonly [key: string]: Value;
  readonly total: number;
  readonly reserved: number;
  readonly allocation_ratio: number;
}

/**
 * What is claimed of a node in placement, by resource class, and by how many consumers: instances at either end of a move,
 * and migrations that hold what their instance had before.
 */
export interface Claims {
  readonly [key: string]: Value;
  readonly consumers: number;
  readonly resources: { readonly [resourceClass: string]: number };
}

/** What an instance was asked to be placed by; what nova is too old to tell is left out. Read by API alone. */
export interface Constraints {
  readonly [key: string]: Value;
  /** Always lists, whether the user gave one value or several. */
  readonly scheduler_hints?: { readonly [hint: string]: readonly string[] };
  readonly image_properties?: { readonly [property: string]: string };
  /** The availability zone that was asked for; null when none was. */
  readonly pinned_zone?: string | null;
}

/** A migration under way, whoever started it: live, cold (until it is confirmed or reverted) or an evacuation. */
export interface MigrationState {
  readonly [key: string]: Value;
  readonly uuid: string | null;
  readonly id: number;
  /** `live-migration`, `migration`, `resize` or `evacuation`. */
  readonly type: string;
  readonly status: string;
  readonly source_host: string | null;
  readonly source_node: string | null;
  readonly dest_host: string | null;
  readonly dest_node: string | null;
}

/** An aggregate as a whole: nova tells no less of it. Its availability zone is in the metadata. */
export interface AggregateState {
  readonly [key: string]: Value;
  readonly id: number | null;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly metadata: { readonly [key: string]: string };
}

/** A server group without its members, each of which has a register of its own. */
export interface GroupState {
  readonly [key: string]: Value;
  readonly name: string;
  readonly policy: string | null;
  readonly max_server_per_host: number | null;
  readonly project_id: string | null;
  readonly user_id: string | null;
}

/**
 * Register names. Those ending in `/` are families with one register an item: a service incarnation, a hypervisor node, a
 * volume, a group member. The life registers hold `true` once the thing is gone and are never set back: uuids do not
 * return (a recreated service has a new one, so that the host lives again).
 */
export const REGISTER = {
  place: 'place',
  state: 'state',
  power: 'power',
  flavor: 'flavor',
  identity: 'identity',
  zone: 'zone',
  metadata: 'metadata',
  tags: 'tags',
  locked: 'locked',
  fault: 'fault',
  volumes: 'volumes',
  volume: 'volume/',
  constraints: 'constraints',
  domain: 'domain',
  migration: 'migration',
  life: 'life',
  service: 'service/',
  serviceLife: 'life/',
  heartbeat: 'heartbeat',
  inventory: 'inventory/',
  provider: 'provider/',
  claims: 'claims/',
  aggregate: 'aggregate',
  group: 'group',
  member: 'member/',
} as const;

/**
 * Whether what an element is depends also on when a register was told: a list of volumes outdates what was told of single
 * ones before it, and the service last spoken of is the one in force.
 */
export function isOrderedByClock(register: string): boolean {
  return register === REGISTER.volumes || register.startsWith(REGISTER.volume) || register.startsWith(REGISTER.service);
}
