import type { Value } from './fact.ts';
import type { Registers } from './held.ts';
import {
  type Constraints,
  type Fault,
  type Flavor,
  type Identity,
  type Lock,
  type MigrationState,
  type Place,
  REGISTER,
  type State,
} from './registers.ts';
import type { Totals } from './totals.ts';

/** An instance (nova server) as the model knows it; a register nobody spoke of yet is null. Never changed, only replaced. */
export interface Instance {
  readonly uuid: string;
  readonly place: Place | null;
  readonly state: State | null;
  readonly power: string | null;
  readonly flavor: Flavor | null;
  readonly identity: Identity | null;
  /** The availability zone nova noted for the instance; that of its host is told by the host's aggregates. */
  readonly zone: string | null;
  readonly metadata: { readonly [key: string]: string } | null;
  readonly tags: readonly string[] | null;
  readonly locked: Lock | null;
  readonly fault: Fault | null;
  /** Ids of attached volumes, sorted; null when nobody told. */
  readonly volumes: readonly string[] | null;
  /** What it was asked to be placed by; null when it was never read by API. */
  readonly constraints: Constraints | null;
  /** What its hypervisor calls it (`instance-0000002a`); null until it was read by API. Two cells may use the same name. */
  readonly domain: string | null;
  /** The migration that was under way when nova was last asked; null when none was, or nobody asked. */
  readonly migration: MigrationState | null;
}

export function instanceFrom(uuid: string, registers: Registers): Instance {
  return Object.freeze({
    uuid,
    place: read<Place>(registers, REGISTER.place),
    state: read<State>(registers, REGISTER.state),
    power: read<string>(registers, REGISTER.power),
    flavor: read<Flavor>(registers, REGISTER.flavor),
    identity: read<Identity>(registers, REGISTER.identity),
    zone: read<string>(registers, REGISTER.zone),
    metadata: read<{ readonly [key: string]: string }>(registers, REGISTER.metadata),
    tags: read<readonly string[]>(registers, REGISTER.tags),
    locked: read<Lock>(registers, REGISTER.locked),
    fault: read<Fault>(registers, REGISTER.fault),
    volumes: attachedVolumes(registers),
    constraints: read<Constraints>(registers, REGISTER.constraints),
    domain: read<string>(registers, REGISTER.domain),
    migration: read<MigrationState>(registers, REGISTER.migration),
  });
}

/** A register's value as its type; the types of values are guaranteed by those who make facts (streams). */
export function read<T extends Value>(registers: Registers, register: string): T | null {
  return (registers.value(register) ?? null) as T | null;
}

export function isDeleted(registers: Registers): boolean {
  return registers.value(REGISTER.life) === true;
}

/** The last full list, as changed by the attachments and detachments told after it. */
export function attachedVolumes(registers: Registers): readonly string[] | null {
  const list = read<readonly string[]>(registers, REGISTER.volumes);
  const single = registers.family(REGISTER.volume);
  if (single.length === 0 && (list === null || list.length < 2)) return list;
  const listed = registers.said(REGISTER.volumes)?.clock ?? '';
  let volumes: Set<string> | null = list === null ? null : new Set(list);
  for (const [id, { value, clock }] of single) {
    if (clock < listed) continue;
    volumes ??= new Set();
    if (value === true) volumes.add(id);
    else volumes.delete(id);
  }
  return volumes === null ? null : [...volumes].sort();
}

const MIB_PER_GIB = 1024;

/**
 * What one instance takes of its host as nova counts it for placement: the root disk is not the host's when the instance
 * boots from a volume; ephemeral disks are; swap is rounded up to whole GiB. Zero for what is not known.
 */
export function usageOf(instance: Instance): Totals {
  const flavor = instance.flavor;
  if (flavor === null) return { instances: 1, vcpus: 0, memory_mb: 0, disk_gb: 0 };
  const root = isVolumeBacked(instance) ? 0 : flavor.root_gb;
  return {
    instances: 1,
    vcpus: flavor.vcpus,
    memory_mb: flavor.memory_mb,
    disk_gb: root + flavor.ephemeral_gb + Math.ceil(flavor.swap_mb / MIB_PER_GIB),
  };
}

/** nova leaves the image reference empty exactly when the root disk is a volume. */
export function isVolumeBacked(instance: Instance): boolean {
  return instance.identity !== null && instance.identity.image_id === null;
}
