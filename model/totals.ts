/** Sums over instances. Memory in MiB, disk in GiB. */
export interface Totals {
  readonly instances: number;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly disk_gb: number;
}

export const NO_TOTALS: Totals = Object.freeze({ instances: 0, vcpus: 0, memory_mb: 0, disk_gb: 0 });

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    instances: a.instances + b.instances,
    vcpus: a.vcpus + b.vcpus,
    memory_mb: a.memory_mb + b.memory_mb,
    disk_gb: a.disk_gb + b.disk_gb,
  };
}

export function subtractTotals(a: Totals, b: Totals): Totals {
  return {
    instances: a.instances - b.instances,
    vcpus: a.vcpus - b.vcpus,
    memory_mb: a.memory_mb - b.memory_mb,
    disk_gb: a.disk_gb - b.disk_gb,
  };
}
