import { IndexedSet } from './indexed-set.ts';
import type { Instance, InstanceRow } from './types.ts';

const NONE: ReadonlySet<Instance> = new Set();

/** All instances, deleted ones too, found by uuid, host and vm_state. */
export class Instances {
  readonly #all = new Map<string, Instance>();
  /** By number; archived ones leave a hole. */
  readonly #byNumber: (Instance | undefined)[] = [];
  readonly #byState = new Map<string, IndexedSet<Instance>>();
  readonly #byHost = new Map<string, Set<Instance>>();
  #number = 0;

  /** The number of the next one (`instance-0000000a`). */
  nextNumber(): number {
    return ++this.#number;
  }

  get(uuid: string): Instance | undefined {
    return this.#all.get(uuid);
  }

  /** In the order of creation. */
  all(): IterableIterator<Instance> {
    return this.#all.values();
  }

  /** From the newest to the oldest, those before a number; that is nova's order of lists. */
  *newestBefore(number: number): Generator<Instance, void, void> {
    for (let i = Math.min(number, this.#byNumber.length) - 1; i >= 0; i--) {
      const instance = this.#byNumber[i];
      if (instance !== undefined) yield instance;
    }
  }

  get alive(): number {
    return this.#all.size - this.inState('deleted').size;
  }

  inState(state: string): IndexedSet<Instance> {
    let set = this.#byState.get(state);
    if (set === undefined) {
      set = new IndexedSet();
      this.#byState.set(state, set);
    }
    return set;
  }

  /** Those whose row names the host. */
  onHost(host: string): ReadonlySet<Instance> {
    return this.#byHost.get(host) ?? NONE;
  }

  add(instance: Instance): void {
    this.#all.set(instance.row.uuid, instance);
    this.#byNumber[instance.row.number] = instance;
    this.inState(instance.row.state).add(instance);
    this.#moveHost(instance, null, instance.row.host);
  }

  /** Puts a new row in the place of the old one. */
  replace(instance: Instance, row: InstanceRow): void {
    const old = instance.row;
    instance.row = row;
    if (old.state !== row.state) {
      this.inState(old.state).delete(instance);
      this.inState(row.state).add(instance);
    }
    const host = row.state === 'deleted' ? null : row.host;
    const oldHost = old.state === 'deleted' ? null : old.host;
    if (oldHost !== host) this.#moveHost(instance, oldHost, host);
  }

  /** Forgets a deleted instance, as archiving the rows does. */
  archive(instance: Instance): void {
    this.#all.delete(instance.row.uuid);
    this.#byNumber[instance.row.number] = undefined;
    this.inState(instance.row.state).delete(instance);
  }

  #moveHost(instance: Instance, from: string | null, to: string | null): void {
    if (from !== null) this.#byHost.get(from)?.delete(instance);
    if (to === null) return;
    const there = this.#byHost.get(to);
    if (there === undefined) this.#byHost.set(to, new Set([instance]));
    else there.add(instance);
  }
}
