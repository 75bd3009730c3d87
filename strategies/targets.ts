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

  /** Why no host may take an instance, in words. */
  refusals(check: MoveCheck): string {
    return refusals(check, this.names);
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

/** Why none of some hosts may take an instance: how many each rule forbids, with what it says of one of them. */
export function refusals(check: MoveCheck, hosts: readonly string[]): string {
  const rules = new Map<string, { count: number; readonly example: string }>();
  for (const host of hosts) {
    const [first] = check.verdict(host).forbidden;
    if (first === undefined) continue;
    const known = rules.get(first.code);
    if (known === undefined) rules.set(first.code, { count: 1, example: first.text.replace(/\.$/, '') });
    else known.count += 1;
  }
  if (rules.size === 0) return 'no other host is enabled and in scope';
  const parts = [...rules]
    .sort((a, b) => b[1].count - a[1].count)
    .map(([code, { count, example }]) => (count === 1 ? example : `${code} forbids ${count} (${example})`));
  return parts.join('; ');
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
