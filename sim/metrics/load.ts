import { SECOND } from '../clock/time.ts';
import type { Cloud } from '../cloud.ts';
import type { Instance } from '../state/types.ts';

/** What an instance would use if nobody were in its way. */
export interface Load {
  readonly instance: Instance;
  /** CPUs. */
  readonly cpus: number;
  /** MiB of memory. */
  readonly memory: number;
  /** MiB a second from and to disks. */
  readonly disk: number;
}

/** Most instances do little; some keep their CPUs busy, some their disks. */
const BUSY_CPU = { share: 0.3, least: 0.65, most: 0.95 };
const IDLE_CPU = { least: 0.04, most: 0.2 };
const BUSY_DISK = { share: 0.1, least: 15, most: 40 };
const IDLE_DISK = { least: 0.1, most: 3 };
const MEMORY = { least: 0.4, most: 0.85 };
/** How far load swings around its mean, and in how many seconds. */
const SWING = 0.15;
const PERIOD = { least: 120, most: 900 };

/** What an instance does whose load is not left to chance: shares of its CPUs, MiB a second. */
const ROLES = {
  loud: { cpu: 0.97, disk: 250 },
  busy: { cpu: 0.8, disk: 2 },
  idle: { cpu: 0.03, disk: 0.1 },
} as const;

export type Role = keyof typeof ROLES;

/** The load of an instance that runs; it follows from its uuid and the time alone, and from its role, if it has one. */
export function loadOf(cloud: Cloud, instance: Instance, role: Role | null): Load {
  const { uuid, flavor } = instance.row;
  const trait = (place: number): number => digits(uuid, place);
  const seconds = cloud.now / SECOND;
  const period = between(PERIOD, trait(3));
  const swing = 1 + SWING * Math.sin((2 * Math.PI * seconds) / period + 2 * Math.PI * trait(4));
  const given = role === null ? null : ROLES[role];
  const cpu = trait(0) < BUSY_CPU.share ? between(BUSY_CPU, trait(1)) : between(IDLE_CPU, trait(1));
  const disk = trait(2) < BUSY_DISK.share ? between(BUSY_DISK, trait(1)) : between(IDLE_DISK, trait(1));
  return {
    instance,
    cpus: Math.min(1, (given?.cpu ?? cpu) * swing) * flavor.vcpus,
    memory: between(MEMORY, trait(5)) * flavor.memoryMb,
    disk: (given?.disk ?? disk) * swing,
  };
}

/** Where in a uuid the digits of each trait begin: all of them are drawn by chance. */
const PLACES = [0, 4, 9, 24, 28, 32];
const WIDTH = 4;

/** A number in [0, 1) that some digits of a uuid make. */
function digits(uuid: string, trait: number): number {
  const at = PLACES[trait] ?? 0;
  return Number.parseInt(uuid.slice(at, at + WIDTH), 16) / 16 ** WIDTH;
}

function between({ least, most }: { readonly least: number; readonly most: number }, share: number): number {
  return least + (most - least) * share;
}
