import type { Aggregate, ServerGroup } from './grouping.ts';
import type { Host } from './host.ts';
import { type Instance, usageOf } from './instance.ts';
import type { Revision } from './revision.ts';
import { addTotals, subtractTotals, type Totals } from './totals.ts';
import type { View } from './view.ts';

/**
 * A what-if: a view on which instances can be moved without touching the model below. It holds only what differs, so making
 * one costs nothing. It belongs to one state of that model: once the model has moved on, reading it throws, since it would
 * mix two states. Work on it within one tick.
 */
export class Fork implements View {
  readonly revision: Revision;
  readonly #base: View;
  readonly #moved = new Map<string, Instance>();
  readonly #arrived = new Map<string, Set<string>>();
  readonly #totals = new Map<string, Totals>();

  constructor(base: View) {
    this.#base = base;
    this.revision = base.revision;
  }

  /** Puts an instance on another host. Its node is then unknown, as nova alone decides it. */
  move(uuid: string, host: string): void {
    const instance = this.instance(uuid);
    if (instance === undefined) throw new RangeError(`no instance ${uuid} to move`);
    const from = instance.place?.host ?? null;
    if (from === host) return;
    const usage = usageOf(instance);
    if (from !== null) {
      this.#totals.set(from, subtractTotals(this.totalsOn(from), usage));
      this.#arrived.get(from)?.delete(uuid);
    }
    this.#totals.set(host, addTotals(this.totalsOn(host), usage));
    this.#moved.set(uuid, Object.freeze({ ...instance, place: { host, node: null } }));
    const arrived = this.#arrived.get(host) ?? new Set();
    this.#arrived.set(host, arrived.add(uuid));
  }

  /** A fork of this fork, so that a branch can be tried and dropped. */
  fork(): Fork {
    return new Fork(this);
  }

  instance(uuid: string): Instance | undefined {
    return this.#moved.get(uuid) ?? this.#fresh().instance(uuid);
  }

  *instances(): Iterable<Instance> {
    for (const instance of this.#fresh().instances()) yield this.#moved.get(instance.uuid) ?? instance;
  }

  instanceCount(): number {
    return this.#fresh().instanceCount();
  }

  *instancesOn(host: string): Iterable<Instance> {
    const arrived = this.#arrived.get(host);
    for (const instance of this.#fresh().instancesOn(host)) if (!this.#moved.has(instance.uuid)) yield instance;
    for (const uuid of arrived ?? []) {
      const instance = this.#moved.get(uuid);
      if (instance !== undefined) yield instance;
    }
  }

  *instancesOf(project: string): Iterable<Instance> {
    for (const instance of this.#fresh().instancesOf(project)) yield this.#moved.get(instance.uuid) ?? instance;
  }

  host(name: string): Host | undefined {
    return this.#fresh().host(name);
  }

  hosts(): Iterable<Host> {
    return this.#fresh().hosts();
  }

  totalsOn(host: string): Totals {
    return this.#totals.get(host) ?? this.#fresh().totalsOn(host);
  }

  aggregate(uuid: string): Aggregate | undefined {
    return this.#fresh().aggregate(uuid);
  }

  aggregates(): Iterable<Aggregate> {
    return this.#fresh().aggregates();
  }

  aggregatesOf(host: string): Iterable<Aggregate> {
    return this.#fresh().aggregatesOf(host);
  }

  serverGroup(uuid: string): ServerGroup | undefined {
    return this.#fresh().serverGroup(uuid);
  }

  serverGroups(): Iterable<ServerGroup> {
    return this.#fresh().serverGroups();
  }

  groupsOf(instance: string): Iterable<ServerGroup> {
    return this.#fresh().groupsOf(instance);
  }

  #fresh(): View {
    if (this.#base.revision !== this.revision) throw new StaleForkError(this.revision, this.#base.revision);
    return this.#base;
  }
}

/** Thrown when a fork is read after the model it was taken of has changed. */
export class StaleForkError extends Error {
  constructor(taken: Revision, now: Revision) {
    super(`this what-if was made of revision ${taken}, the model is at ${now}: make a new one`);
    this.name = 'StaleForkError';
  }
}
