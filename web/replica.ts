import type { Change, Host, Instance, SnapshotPart } from './elements.ts';

/** The card of instances that are on no host. */
export const NOWHERE = '';

const NONE: ReadonlyMap<string, Instance> = new Map();

/** What the page knows of the model, with the hosts whose cards are out of date. */
export class Replica {
  readonly #hosts = new Map<string, Host>();
  readonly #instances = new Map<string, Instance>();
  readonly #byHost = new Map<string, Map<string, Instance>>();
  readonly #byState = new Map<string, number>();
  #dirty = new Set<string>();
  #breached: ReadonlySet<string> = new Set();

  /** Hosts and instances whose measurements break a rule. */
  get breached(): ReadonlySet<string> {
    return this.#breached;
  }

  set breached(breached: ReadonlySet<string>) {
    for (const resource of new Set([...breached, ...this.#breached])) {
      if (breached.has(resource) === this.#breached.has(resource)) continue;
      const instance = this.#instances.get(resource);
      this.#dirty.add(instance === undefined ? resource : (instance.host ?? NOWHERE));
    }
    this.#breached = breached;
  }

  get instanceCount(): number {
    return this.#instances.size;
  }

  /** Instances by vm_state. */
  get byState(): ReadonlyMap<string, number> {
    return this.#byState;
  }

  /** Names of all hosts, those that only instances name included; {@link NOWHERE} when some are on none. */
  hostNames(): Set<string> {
    return new Set([...this.#hosts.keys(), ...this.#byHost.keys()]);
  }

  host(name: string): Host | undefined {
    return this.#hosts.get(name);
  }

  instance(uuid: string): Instance | undefined {
    return this.#instances.get(uuid);
  }

  instancesOn(host: string): ReadonlyMap<string, Instance> {
    return this.#byHost.get(host) ?? NONE;
  }

  /** The hosts that changed since this was last asked. */
  takeDirty(): Set<string> {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    return dirty;
  }

  clear(): void {
    for (const name of this.hostNames()) this.#dirty.add(name);
    this.#hosts.clear();
    this.#instances.clear();
    this.#byHost.clear();
    this.#byState.clear();
  }

  addPart({ part, kind, elements }: SnapshotPart): void {
    if (part === 0) this.clear();
    if (kind === 'host') for (const host of elements as Host[]) this.#setHost(host.name, host);
    if (kind === 'instance') for (const instance of elements as Instance[]) this.#setInstance(instance.uuid, instance);
  }

  apply({ kind, id, change, after }: Change): void {
    const now = change === 'removed' ? null : after;
    if (kind === 'host') this.#setHost(id, now as Host | null);
    if (kind === 'instance') this.#setInstance(id, now as Instance | null);
  }

  #setHost(name: string, host: Host | null): void {
    if (host === null) this.#hosts.delete(name);
    else this.#hosts.set(name, host);
    this.#dirty.add(name);
  }

  #setInstance(uuid: string, next: Instance | null): void {
    const last = this.#instances.get(uuid);
    if (last !== undefined) this.#leave(last);
    if (next === null) this.#instances.delete(uuid);
    else this.#enter(next);
  }

  #leave(instance: Instance): void {
    const host = instance.host ?? NOWHERE;
    const there = this.#byHost.get(host);
    there?.delete(instance.uuid);
    if (there?.size === 0) this.#byHost.delete(host);
    this.#count(instance, -1);
    this.#dirty.add(host);
  }

  #enter(instance: Instance): void {
    const host = instance.host ?? NOWHERE;
    this.#instances.set(instance.uuid, instance);
    let there = this.#byHost.get(host);
    if (there === undefined) {
      there = new Map();
      this.#byHost.set(host, there);
    }
    there.set(instance.uuid, instance);
    this.#count(instance, 1);
    this.#dirty.add(host);
  }

  #count(instance: Instance, by: number): void {
    const state = instance.state ?? 'unknown';
    const count = (this.#byState.get(state) ?? 0) + by;
    if (count === 0) this.#byState.delete(state);
    else this.#byState.set(state, count);
  }
}
