import type { View } from '../model/view.ts';

export interface HostCounts {
  readonly count: number;
  /** By nova's own count; a host in neither was not asked about yet. */
  readonly up: number;
  readonly down: number;
  readonly disabled: number;
}

/** Looks at every host (thousands at most), so not for every request. */
export function countHosts(view: View): HostCounts {
  let [count, up, down, disabled] = [0, 0, 0, 0];
  for (const host of view.hosts()) {
    count += 1;
    if (host.up === true) up += 1;
    if (host.up === false) down += 1;
    if (host.service?.disabled === true) disabled += 1;
  }
  return { count, up, down, disabled };
}

export function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count += 1;
  return count;
}
