import type { Fork } from '../model/fork.ts';
import type { Host } from '../model/host.ts';
import type { MoveCheck } from './constraints/may-move.ts';
import type { Scope } from './strategy.ts';

/** Of so many hosts that may take an instance the best is taken; all others are loaded more. */
const ENOUGH = 16;

/** The hosts that may take instances, the least loaded first, by what is promised there. */
export class Targets {
  readonly #view: Fork;
  readonly #ranked: Ranked[];

  constructor(view: Fork, scope: Scope, leaveOut: (host: Host) => boolean = () => false) {
    this.#view = view;
    this.#ranked = [];
    for (const host of view.hosts()) {
      const { service, name } = host;
      if (service === null || service.disabled || !scope.hasHost(name) || leaveOut(host)) continue;
      this.#ranked.push({ name, load: promisedShare(view, host) });
    }
    this.#ranked.sort(byLoad);
  }

  get names(): string[] {
    return this.#ranked.map(({ name }) => name);
  }

  /** Hosts that may take an instance, at most so many, the least loaded first. */
  *allowed(check: MoveCheck, most = ENOUGH): Iterable<string> {
    let left = most;
    for (const { name } of this.#ranked) {
      if (!check.allows(name)) continue;
      yield name;
      left -= 1;
      if (left === 0) return;
    }
  }

  /** The host to take an instance: the least loaded, but rather one of which nothing is to be said; null when there is none. */
  best(check: MoveCheck): string | null {
    let best: { name: string; notes: number } | null = null;
    for (const name of this.allowed(check)) {
      const notes = check.verdict(name).notes.length;
      if (best === null || notes < best.notes) best = { name, notes };
      if (notes === 0) break;
    }
    return best?.name ?? null;
  }

  /** Why no host may take an instance, in words: of one host each reason, of many how often each rule forbids one. */
  refusals(check: MoveCheck): string {
    const [only, ...others] = this.#ranked;
    if (only !== undefined && others.length === 0)
      return check
        .verdict(only.name)
        .forbidden.map(({ text }) => text.replace(/\.$/, ''))
        .join('; ');
    const counts = new Map<string, number>();
    for (const { name } of this.#ranked) {
      const code = check.verdict(name).forbidden[0]?.code;
      if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    if (counts.size === 0) return 'no other host is enabled and in scope';
    const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} forbids ${count}`);
    return parts.join(', ');
  }

  /** An instance was put on a host, or taken away: its place among the others is another. */
  moved(name: string): void {
    const at = this.#ranked.findIndex((one) => one.name === name);
    const host = this.#view.host(name);
    if (at < 0 || host === undefined) return;
    this.#ranked.splice(at, 1);
    const ranked = { name, load: promisedShare(this.#view, host) };
    const next = this.#ranked.findIndex((one) => byLoad(one, ranked) > 0);
    this.#ranked.splice(next < 0 ? this.#ranked.length : next, 0, ranked);
  }
}

interface Ranked {
  readonly name: string;
  readonly load: number;
}

function byLoad(a: Ranked, b: Ranked): number {
  return a.load - b.load || (a.name < b.name ? -1 : 1);
}

/** How much of a host is promised to instances: of CPUs or memory, whichever is scarcer there. */
function promisedShare(view: Fork, { name, nodes }: Host): number {
  const totals = view.totalsOn(name);
  let vcpus = 0;
  let memory_mb = 0;
  for (const { provider, ...inventory } of nodes) {
    vcpus += inventory.vcpus * (provider?.inventories.VCPU?.allocation_ratio ?? 1);
    memory_mb += inventory.memory_mb * (provider?.inventories.MEMORY_MB?.allocation_ratio ?? 1);
  }
  return Math.max(share(totals.vcpus, vcpus), share(totals.memory_mb, memory_mb));
}

function share(taken: number, of: number): number {
  return of === 0 ? Number.POSITIVE_INFINITY : taken / of;
}
