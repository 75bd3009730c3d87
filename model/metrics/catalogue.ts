import type { Metric, Provision } from './metric.ts';

const HOUSEKEEPING_DEVICES = 'device!~"lo|tap.*|veth.*|qbr.*|qvb.*|qvo.*|virbr.*"';

const host = (by: Provision['by'], query: string, more: Partial<Provision> = {}): Provision => ({
  ...{ by, of: 'host', query },
  ...more,
});

const instance = (by: Provision['by'], query: string, more: Partial<Provision> = {}): Provision => ({
  ...{ by, of: 'instance', query },
  ...more,
});

/** Share of its time a host's processors spend in a mode, in percent. */
const cpuMode = (mode: string): string =>
  `100 * avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="${mode}"}[$window]))`;

/** Seconds a second of a domain's vCPUs, as percent of each of them. */
const vcpuTime = (counter: string): string => `100 * avg without (vcpu) (rate(${counter}[$window]))`;

/** Milliseconds an operation, reads and writes together. */
const latency = (
  prefix: string,
  times: readonly [string, string],
  counts: readonly [string, string],
  device: string,
): string => {
  const sum = (names: readonly [string, string]): string =>
    names.map((name) => `sum without (${device}) (rate(${prefix}${name}[$window]))`).join(' + ');
  return `1000 * (${sum(times)}) / (${sum(counts)} > 0)`;
};

/** Nanoseconds a second, as percent. */
const NANOSECONDS_TO_PERCENT = 1e-7;

/** Every metric Vigil knows by itself; operators add their own by configuration. */
export const CATALOGUE: readonly Metric[] = [
  {
    name: 'cpu_util',
    description: 'How busy the processors are; of an instance, how busy its vCPUs.',
    unit: '%',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host('node_exporter', `100 - ${cpuMode('idle')}`),
      host('ceilometer', 'compute.node.cpu.percent'),
      host('nova', 'cpu.percent'),
      instance('libvirt_exporter', vcpuTime('libvirt_domain_vcpu_time_seconds_total')),
      instance('aetos', 'rate(ceilometer_cpu[$window])', { perVcpu: true, scale: NANOSECONDS_TO_PERCENT }),
      instance('ceilometer', 'cpu', { counter: true, perVcpu: true, scale: NANOSECONDS_TO_PERCENT }),
    ],
  },
  {
    name: 'cpu_steal',
    description:
      'Time that vCPUs were ready to run and waited for a processor; of a host, what its own hypervisor takes.',
    unit: '%',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host('node_exporter', cpuMode('steal')),
      instance('libvirt_exporter', vcpuTime('libvirt_domain_vcpu_delay_seconds_total')),
    ],
  },
  {
    name: 'io_wait',
    description: 'Time that processors were idle while input or output was outstanding.',
    unit: '%',
    of: ['host', 'instance'],
    bad: 'above',
    provisions: [
      host('node_exporter', cpuMode('iowait')),
      host('ceilometer', 'compute.node.cpu.iowait.percent'),
      host('nova', 'cpu.iowait.percent'),
      instance('libvirt_exporter', vcpuTime('libvirt_domain_vcpu_wait_seconds_total')),
    ],
  },
  {
    name: 'cache_misses',
    description: 'Accesses that missed the last cache, a second.',
    unit: '1/s',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host('node_exporter', 'sum without (cpu) (rate(node_perf_cache_misses_total[$window]))'),
      instance('aetos', 'rate(ceilometer_perf_cache_misses[$window])'),
      instance('ceilometer', 'perf.cache.misses', { counter: true }),
    ],
  },
  {
    name: 'cache_miss_ratio',
    description: 'Share of the accesses to the last cache that missed it.',
    unit: '%',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host(
        'node_exporter',
        '100 * sum without (cpu) (rate(node_perf_cache_misses_total[$window])) / sum without (cpu) (rate(node_perf_cache_refs_total[$window]))',
      ),
      instance(
        'aetos',
        '100 * sum by (resource) (rate(ceilometer_perf_cache_misses[$window])) / sum by (resource) (rate(ceilometer_perf_cache_references[$window]))',
      ),
    ],
  },
  {
    name: 'memory_used',
    description: 'Memory in use; of an instance, as its own system sees it where that tells.',
    unit: 'MiB',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host('node_exporter', '(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes) / 1048576'),
      host('ceilometer', 'hardware.memory.used', { scale: 1 / 1024 }),
      instance(
        'libvirt_exporter',
        '(libvirt_domain_memory_stats_available_bytes - libvirt_domain_memory_stats_usable_bytes) / 1048576',
      ),
      instance('aetos', 'ceilometer_memory_usage'),
      instance('ceilometer', 'memory.usage'),
    ],
  },
  {
    name: 'memory_pressure',
    description: 'Time in which something waited for memory (pressure stall information).',
    unit: '%',
    of: ['host'],
    bad: 'above',
    provisions: [host('node_exporter', '100 * rate(node_pressure_memory_waiting_seconds_total[$window])')],
  },
  {
    name: 'network_drops',
    description: 'Packets dropped, received and sent together, a second.',
    unit: '1/s',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host(
        'node_exporter',
        `sum without (device) (rate(node_network_receive_drop_total{${HOUSEKEEPING_DEVICES}}[$window]) + rate(node_network_transmit_drop_total{${HOUSEKEEPING_DEVICES}}[$window]))`,
      ),
      instance(
        'libvirt_exporter',
        'sum without (source_bridge, target_device, virtual_interface) (rate(libvirt_domain_interface_stats_receive_drops_total[$window]) + rate(libvirt_domain_interface_stats_transmit_drops_total[$window]))',
      ),
      instance(
        'aetos',
        'sum by (vm_instance) (rate(ceilometer_network_incoming_packets_drop[$window])) + sum by (vm_instance) (rate(ceilometer_network_outgoing_packets_drop[$window]))',
      ),
    ],
  },
  {
    name: 'disk_latency',
    description: 'How long a read or write took, on average over all disks.',
    unit: 'ms',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host(
        'node_exporter',
        latency(
          'node_disk_',
          ['read_time_seconds_total', 'write_time_seconds_total'],
          ['reads_completed_total', 'writes_completed_total'],
          'device',
        ),
      ),
      instance(
        'libvirt_exporter',
        latency(
          'libvirt_domain_block_stats_',
          ['read_time_seconds_total', 'write_time_seconds_total'],
          ['read_requests_total', 'write_requests_total'],
          'target_device',
        ),
      ),
    ],
  },
  {
    name: 'disk_io',
    description: 'Data read from and written to disks, together.',
    unit: 'MiB/s',
    of: ['instance', 'host'],
    bad: 'above',
    provisions: [
      host(
        'node_exporter',
        'sum without (device) (rate(node_disk_read_bytes_total[$window]) + rate(node_disk_written_bytes_total[$window])) / 1048576',
      ),
      instance(
        'libvirt_exporter',
        'sum without (target_device) (rate(libvirt_domain_block_stats_read_bytes_total[$window]) + rate(libvirt_domain_block_stats_write_bytes_total[$window])) / 1048576',
      ),
    ],
  },
  {
    name: 'host_power',
    description: 'Electrical power drawn.',
    unit: 'W',
    of: ['host'],
    bad: 'above',
    provisions: [
      host('ipmi_exporter', 'ipmi_dcmi_power_consumption_watts'),
      host('aetos', 'ceilometer_hardware_ipmi_node_power'),
      host('ceilometer', 'hardware.ipmi.node.power'),
    ],
  },
  {
    name: 'host_inlet_temperature',
    description: 'Temperature of the air that is drawn in.',
    unit: '°C',
    of: ['host'],
    bad: 'above',
    provisions: [
      host('ipmi_exporter', 'max without (id, name) (ipmi_temperature_celsius{name=~"(?i).*inlet.*"})'),
      host('aetos', 'ceilometer_hardware_ipmi_node_temperature'),
      host('ceilometer', 'hardware.ipmi.node.temperature'),
    ],
  },
  {
    name: 'host_outlet_temperature',
    description: 'Temperature of the air that is blown out.',
    unit: '°C',
    of: ['host'],
    bad: 'above',
    provisions: [
      host('ipmi_exporter', 'max without (id, name) (ipmi_temperature_celsius{name=~"(?i).*(outlet|exhaust).*"})'),
      host('aetos', 'ceilometer_hardware_ipmi_node_outlet_temperature'),
      host('ceilometer', 'hardware.ipmi.node.outlet_temperature'),
    ],
  },
  {
    name: 'host_airflow',
    description: 'Volume of air that moves through the host, a minute.',
    unit: 'CFM',
    of: ['host'],
    bad: 'above',
    provisions: [
      host('aetos', 'ceilometer_hardware_ipmi_node_airflow'),
      host('ceilometer', 'hardware.ipmi.node.airflow'),
    ],
  },
];

/** The catalogue and the operator's own metrics, which come before it, by name. */
export function metricTable(own: readonly Metric[]): ReadonlyMap<string, Metric> {
  return new Map([...CATALOGUE, ...own].map((metric) => [metric.name, metric]));
}
