import { claimOf, withClaim } from './claims.ts';
import type { Aggregate, ServerGroup } from './grouping.ts';
import { type Host, isKnown, unknownHost } from './host.ts';
import { type Instance, usageOf } from './instance.ts';
import type { State } from './registers.ts';
import type { Revision } from './revision.ts';
import { addTotals, subtractTotals, type Totals } from './totals.ts';
import type { View } from './view.ts';

/**
 * A what-if: a view on which instances can be moved, each with what it claims in placement, stopped and started, and hosts
 * disabled and enabled, without touching the model below. It holds only what differs, so making one costs nothing. It
 * belongs to one state of what it was made of: once that has changed (a model by what it was told, a what-if by what was
 * tried on it), reading it throws, since it would mix two states. Work on it within one tick.
 */
export class Fork implements View {
  readonly revision: Revision;
  readonly #base: View;
  readonly #changes: () => number;
  readonly #taken: number;
  #tried = 0;
  /** Instances that are on another host, or in another state. */
  readonly #instances = new Map<string, Instance>();
  /** These by the host they are on. */
  readonly #arrived = new Map<string, Set<string>>();
  readonly #totals = new Map<string, Totals>();
  readonly #hosts = new Map<string, Host>();

  /** `changes` counts those of the base. */
  constructor(base: View, changes: () => number) {
    this.#base = base;
    this.#changes = changes;
    this.#taken = changes();
    this.revision = base.revision;
  }

  /** Puts an instance on another host. Its node is then unknown, as nova alone decides it. */
  move(uuid: string, host: string): void {
    const instance = this.instance(uuid);
    if (instance === undefined) throw new RangeError(`no instance ${uuid} to move`);
    const from = instance.place?.host ?? null;
    if (from === host) return;
    this.#tried += 1;
    const usage = usageOf(instance);
    if (from !== null) {
      this.#totals.set(from, subtractTotals(this.totalsOn(from), usage));
      this.#arrived.get(from)?.delete(uuid);
      this.#claim(from, instance, -1);
    }
    this.#claim(host, instance, 1);
    this.#totals.set(host, addTotals(this.totalsOn(host), usage));
    this.#instances.set(uuid, Object.freeze({ ...instance, place: { host, node: null } }));
    const arrived = this.#arrived.get(host) ?? new Set();
    this.#arrived.set(host, arrived.add(uuid));
  }

  /** Puts an instance into another state, such as stopped. */
  setState(uuid: string, vm_state: string): void {
    const instance = this.instance(uuid);
    if (instance === undefined) throw new RangeError(`no instance ${uuid} to put into state ${vm_state}`);
    this.#tried += 1;
    const state: State = { vm_state, task_state: null };
    this.#instances.set(uuid, Object.freeze({ ...instance, state }));
    const here = instance.place?.host ?? null;
    if (here === null) return;
    const arrived = this.#arrived.get(here) ?? new Set();
    this.#arrived.set(here, arrived.add(uuid));
  }

  /** Lets nova place instances on a host, or no longer. Of a host of which no service is known nothing changes. */
  setService(name: string, disabled: boolean, disabled_reason: string | null): void {
    const host = this.host(name);
    if (host === undefined || host.service === null) return;
    this.#tried += 1;
    const service = Object.freeze({ ...host.service, disabled, disabled_reason });
    this.#hosts.set(name, Object.freeze({ ...host, service }));
  }

  /** A fork of this fork, so that a branch can be tried and dropped. */
  fork(): Fork {
    return new Fork(this, () => this.#changes() + this.#tried);
  }

  instance(uuid: string): Instance | undefined {
    const base = this.#fresh();
    return this.#instances.get(uuid) ?? base.instance(uuid);
  }

  *instances(): Iterable<Instance> {
    for (const instance of this.#fresh().instances()) yield this.#instances.get(instance.uuid) ?? instance;
  }

  instanceCount(): number {
    return this.#fresh().instanceCount();
  }

  *instancesOn(host: string): Iterable<Instance> {
    const arrived = this.#arrived.get(host);
    for (const instance of this.#fresh().instancesOn(host)) if (!this.#instances.has(instance.uuid)) yield instance;
    for (const uuid of arrived ?? []) {
      const instance = this.#instances.get(uuid);
      if (instance !== undefined) yield instance;
    }
  }

  *instancesOf(project: string): Iterable<Instance> {
    for (const instance of this.#fresh().instancesOf(project)) yield this.#instances.get(instance.uuid) ?? instance;
  }

  /** A host of which nothing is known is there as long as an instance is on it. */
  host(name: string): Host | undefined {
    const host = this.#fresh().host(name);
    if (host !== undefined && isKnown(host)) return this.#hosts.get(name) ?? host;
    return this.totalsOn(name).instances === 0 ? undefined : (host ?? unknownHost(name));
  }

  *hosts(): Iterable<Host> {
    const base = this.#fresh();
    for (const host of base.hosts())
      if (isKnown(host) || this.totalsOn(host.name).instances > 0) yield this.#hosts.get(host.name) ?? host;
    for (const [name, { instances }] of this.#totals) {
      if (instances > 0 && base.host(name) === undefined) yield unknownHost(name);
    }
  }

  totalsOn(host: string): Totals {
    const base = this.#fresh();
    return this.#totals.get(host) ?? base.totalsOn(host);
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

  /** Of a host with several nodes nobody can say which one is meant: what is claimed there stays as it was told. */
  #claim(name: string, instance: Instance, sign: 1 | -1): void {
    const host = this.host(name);
    const [node, ...others] = host?.nodes ?? [];
    if (host === undefined || node === undefined || others.length > 0 || node.claims === null) return;
    const claims = withClaim(node.claims, claimOf(instance), sign);
    this.#hosts.set(name, Object.freeze({ ...host, nodes: Object.freeze([Object.freeze({ ...node, claims })]) }));
  }

  #fresh(): View {
    if (this.#changes() !== this.#taken) throw new StaleForkError(this.revision, this.#base.revision);
    return this.#base;
  }
}

/** Thrown when a fork is read after what it was made of has changed. */
export class StaleForkError extends Error {
  constructor(taken: Revision, now: Revision) {
    super(`this what-if was made of revision ${taken}, what it was made of has changed (now ${now}): make a new one`);
    this.name = 'StaleForkError';
  }
}
