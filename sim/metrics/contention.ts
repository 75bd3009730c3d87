import type { Load } from './load.ts';

/** What an instance really gets on its host. */
export interface Used {
  readonly load: Load;
  /** Percent of its vCPUs. */
  readonly cpuUtil: number;
  readonly cpuSteal: number;
  readonly ioWait: number;
  /** MiB a second. */
  readonly disk: number;
}

/** What a host gives away. */
export interface Given {
  readonly cpuUtil: number;
  readonly ioWait: number;
  readonly disk: number;
  readonly memory: number;
  readonly instances: readonly Used[];
}

const PERCENT = 100;
/** MiB a second that the disks of a host give. */
const DISK_CAPACITY = 400;
/** From this share on requests queue up. */
const DISK_QUEUES = 0.7;
/** What the hypervisor itself takes of CPUs (percent) and memory (MiB). */
const OWN_CPU = 2;
const OWN_MEMORY = 2_048;
/** Nothing waits longer than that, in percent. */
const MOST_WAIT = 60;

/**
 * How the instances of a host get along. CPUs are shared by what each asks: when more is asked than there is, all get the
 * same part of it, and what they lack is steal. Disks likewise: the fuller they are, the longer whoever uses them waits.
 */
export function contend(cores: number, loads: readonly Load[]): Given {
  const asked = sum(loads, ({ cpus }) => cpus);
  const granted = asked > cores ? cores / asked : 1;
  const askedOfDisks = sum(loads, ({ disk }) => disk);
  const diskShare = askedOfDisks / DISK_CAPACITY;
  const diskGranted = diskShare > 1 ? 1 / diskShare : 1;
  const queueing = Math.max(0, diskShare - DISK_QUEUES) * PERCENT;
  const instances = loads.map((load): Used => {
    const wanted = (PERCENT * load.cpus) / load.instance.row.flavor.vcpus;
    const usesDisks = Math.min(1, load.disk / 5);
    return {
      load,
      cpuUtil: wanted * granted,
      cpuSteal: wanted * (1 - granted),
      ioWait: Math.min(MOST_WAIT, usesDisks * (1 + queueing)),
      disk: load.disk * diskGranted,
    };
  });
  return {
    cpuUtil: Math.min(PERCENT, OWN_CPU + (PERCENT * asked * granted) / cores),
    ioWait: Math.min(MOST_WAIT, queueing + diskShare),
    disk: askedOfDisks * diskGranted,
    memory: OWN_MEMORY + sum(loads, ({ memory }) => memory),
    instances,
  };
}

function sum(loads: readonly Load[], of: (load: Load) => number): number {
  return loads.reduce((all, load) => all + of(load), 0);
}
