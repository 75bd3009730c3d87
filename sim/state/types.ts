import type { Micros } from '../clock/time.ts';

/** Who asked: a user in a project, as oslo.context tells it. */
export interface Actor {
  readonly userId: string;
  readonly userName: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly roles: readonly string[];
}

/** A nova flavor; memory in MiB, disks in GiB. */
export interface Flavor {
  readonly flavorid: string;
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly rootGb: number;
  readonly ephemeralGb: number;
  /** MB, as nova keeps it. */
  readonly swapMb: number;
  readonly extraSpecs: Readonly<Record<string, string>>;
}

/** A glance image. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** A cinder volume attached to an instance. */
export interface Volume {
  readonly id: string;
  readonly deviceName: string;
  readonly bootIndex: number | null;
  readonly deleteOnTermination: boolean;
}

/** What nova keeps of resources of one class on one host (placement's inventory). */
export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly allocationRatio: number;
}

/** An amount of what hosts give. */
export interface Resources {
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

/** A compute service with its one hypervisor and resource provider. */
export interface Host {
  readonly name: string;
  /** hypervisor_hostname; differs from the service's host as it does in most clouds. */
  readonly node: string;
  readonly serviceId: number;
  readonly serviceUuid: string;
  /** Of the compute node: hypervisor id and resource provider at once. */
  readonly nodeUuid: string;
  readonly ip: string;
  readonly vcpus: Inventory;
  readonly memoryMb: Inventory;
  readonly diskGb: Inventory;
  readonly traits: readonly string[];
  readonly createdAt: Micros;
  disabled: boolean;
  disabledReason: string | null;
  forcedDown: boolean;
  updatedAt: Micros | null;
  /** Whether nova-compute runs; a dead one reports no more and says nothing. */
  alive: boolean;
  /** Since when it is dead or alive. */
  aliveSince: Micros;
  /** About to be switched off: takes nothing new. */
  draining: boolean;
}

/** A row of nova's `instances` table with what belongs to it, never changed in place; times in whole seconds. */
export interface InstanceRow {
  readonly uuid: string;
  readonly number: number;
  readonly actor: Actor;
  readonly reservationId: string;
  readonly displayName: string;
  readonly displayDescription: string | null;
  readonly hostName: string;
  readonly host: string | null;
  readonly node: string | null;
  readonly availabilityZone: string | null;
  readonly flavor: Flavor;
  /** Null when it boots from a volume. */
  readonly image: Image | null;
  readonly volumes: readonly Volume[];
  readonly createdAt: number;
  readonly launchedAt: number | null;
  readonly terminatedAt: number | null;
  readonly deletedAt: number | null;
  /** As the process knew it that wrote or read this copy: one save behind after a save. */
  readonly updatedAt: number | null;
  readonly state: string;
  readonly powerState: string;
  readonly taskState: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly locked: boolean;
  readonly lockedReason: string | null;
}

/** An instance: its row, and what nova keeps elsewhere. */
export interface Instance {
  row: InstanceRow;
  /** The row's updated_at in the database. */
  updatedAt: number | null;
  readonly group: ServerGroup | null;
  /** The zone it was asked to be in; null when none was asked for. */
  readonly pinnedZone: string | null;
  /** The cloud's own life leaves it alone; what is asked over REST is done. */
  readonly steady: boolean;
  /** An operation is under way. */
  busy: boolean;
  /** The migration to be confirmed or reverted, or under way. */
  migration: Migration | null;
  fault: { readonly code: number; readonly message: string; readonly created: number } | null;
}

/** A host aggregate; one with `availability_zone` in its metadata is a zone. */
export interface Aggregate {
  readonly id: number;
  readonly uuid: string;
  name: string;
  hosts: readonly string[];
  metadata: Readonly<Record<string, string>>;
  readonly createdAt: Micros;
  updatedAt: Micros | null;
}

/** A server group. Members that were deleted stay in the list, as in nova. */
export interface ServerGroup {
  readonly uuid: string;
  readonly name: string;
  readonly actor: Actor;
  readonly policy: 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity';
  readonly rules: Readonly<Record<string, number>>;
  members: readonly string[];
}

/** nova's words for what moves an instance. */
export type MigrationType = 'live-migration' | 'migration' | 'resize' | 'evacuation';

/** A row of nova's `migrations` table. */
export interface Migration {
  readonly id: number;
  readonly uuid: string;
  readonly type: MigrationType;
  readonly instance: Instance;
  readonly source: Host;
  readonly oldFlavor: Flavor;
  readonly newFlavor: Flavor;
  readonly actor: Actor;
  readonly createdAt: Micros;
  updatedAt: Micros | null;
  destination: Host | null;
  status: string;
  /** What the operator asked of a live migration that is under way. */
  asked: 'abort' | 'force-complete' | null;
}

/** What the root, ephemeral and swap disks and memory of an instance take of a host, as nova asks placement. */
export function resourcesOf(flavor: Flavor, bootsFromVolume: boolean): Resources {
  return {
    vcpus: flavor.vcpus,
    memoryMb: flavor.memoryMb,
    diskGb: (bootsFromVolume ? 0 : flavor.rootGb) + flavor.ephemeralGb + Math.ceil(flavor.swapMb / 1024),
  };
}

/** What can be allocated of it in all. */
export function capacity(inventory: Inventory): number {
  return (inventory.total - inventory.reserved) * inventory.allocationRatio;
}
