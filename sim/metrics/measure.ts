import type { Measurement } from '../../streams/metrics/measurement.ts';
import { SECOND } from '../clock/time.ts';
import type { Cloud } from '../cloud.ts';
import type { Noise } from '../noise/noise.ts';
import type { Host, Instance } from '../state/types.ts';
import { contend, type Given, type Used } from './contention.ts';
import { loadOf } from './load.ts';

/** The metrics of the catalogue that are measured of an instance. */
const OF_INSTANCE: { readonly [metric: string]: (used: Used) => number } = {
  cpu_util: ({ cpuUtil }) => cpuUtil,
  cpu_steal: ({ cpuSteal }) => cpuSteal,
  io_wait: ({ ioWait }) => ioWait,
  disk_io: ({ disk }) => disk,
  memory_used: ({ load }) => load.memory,
  cache_misses: ({ cpuUtil, load }) => cpuUtil * load.instance.row.flavor.vcpus * MISSES_PER_PERCENT,
};

/** A busy CPU misses so often a second, for each percent. */
const MISSES_PER_PERCENT = 20_000;

/** Those that are measured of a host, with the number of its cores. */
const OF_HOST: { readonly [metric: string]: (given: Given, cores: number) => number } = {
  cpu_util: ({ cpuUtil }) => cpuUtil,
  io_wait: ({ ioWait }) => ioWait,
  disk_io: ({ disk }) => disk,
  memory_used: ({ memory }) => memory,
  host_power: ({ cpuUtil }, cores) => 90 + cores * (1 + 0.035 * cpuUtil),
  host_inlet_temperature: ({ cpuUtil }) => 21 + 0.02 * cpuUtil,
  host_outlet_temperature: ({ cpuUtil }) => 27 + 0.14 * cpuUtil,
  host_airflow: ({ cpuUtil }) => 20 + 0.3 * cpuUtil,
};

const DECIMALS = 1_000;

/** Everything that can be measured in a cloud now. What is switched off, or not running, is not measured. */
export function measure(cloud: Cloud, noise: Noise): Measurement[] {
  const time = cloud.now / SECOND;
  const all: Measurement[] = [];
  for (const host of cloud.hosts.values()) {
    if (!host.alive) continue;
    const given = contend(host.vcpus.total, loadsOn(cloud, host, noise));
    const labels = { host: host.name };
    for (const [metric, read] of Object.entries(OF_HOST))
      all.push({ metric, labels, value: rounded(read(given, host.vcpus.total)), time });
    for (const used of given.instances) {
      const own = { uuid: used.load.instance.row.uuid };
      for (const [metric, read] of Object.entries(OF_INSTANCE))
        all.push({ metric, labels: own, value: rounded(read(used)), time });
    }
  }
  return all;
}

/** About how many measurements there are at once. */
export function measurementCount(cloud: Cloud): number {
  return cloud.hosts.size * Object.keys(OF_HOST).length + cloud.instances.alive * Object.keys(OF_INSTANCE).length;
}

function loadsOn(cloud: Cloud, host: Host, noise: Noise) {
  const running = [...cloud.instances.onHost(host.name)].filter(isRunning);
  return running.map((instance) => loadOf(cloud, instance, noise.roleOf(instance)));
}

function isRunning({ row }: Instance): boolean {
  return row.powerState === 'running' && row.state === 'active';
}

function rounded(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}
