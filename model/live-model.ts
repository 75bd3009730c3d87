import { clockTime } from './clock.ts';
import { type ElementKey, type ElementKind, elementId, elementKey, elementKind } from './element.ts';
import type { Cause, Fact, Value } from './fact.ts';
import { Fork } from './fork.ts';
import { type Aggregate, aggregateFrom, groupFrom, type ServerGroup } from './grouping.ts';
import { Registers } from './held.ts';
import { type Host, hostFrom, hostGoneSince, isHostGone, isKnown, serviceOf, unknownHost } from './host.ts';
import { Indexes } from './indexes.ts';
import { attachedVolumes, type Instance, instanceFrom, isDeleted } from './instance.ts';
import { foldFacts, heldFacts, joinFacts, sameValue } from './join.ts';
import { isOrderedByClock, REGISTER } from './registers.ts';
import { compareRevisions, NO_REVISION, type Revision } from './revision.ts';
import type { Change } from './store.ts';
import type { Totals } from './totals.ts';
import type { View } from './view.ts';

/** What an element is to a reader. */
export type Entity = Instance | Host | Aggregate | ServerGroup;

/**
 * A visible change of one element: `before` null when it appeared, `after` null when it went. A host of which nothing is
 * known but that instances are there comes and goes with them, by changes of its own that name no register.
 */
export interface ModelChange {
  readonly revision: Revision;
  readonly kind: ElementKind;
  readonly id: string;
  readonly before: Entity | null;
  readonly after: Entity | null;
  /** The registers whose values changed, or that count for more or less now that they were told again. */
  readonly registers: readonly string[];
  /** What told it; null when the element was collected or the model was loaded anew. */
  readonly cause: Cause | null;
}

/** A register's value with what made us believe it. */
export interface Explained {
  readonly register: string;
  readonly value: Value;
  readonly clock: string;
  readonly cause: Cause;
}

/** The registers of an element, and what it is to a reader if it is an instance that is not gone. */
class Known extends Registers {
  instance: Instance | undefined = undefined;
}

/**
 * The replica of a cloud's model that a process answers from: all elements, indexed, changed only by {@link apply}.
 * Level-triggered: it tells what an element is now; values in between may be folded away.
 */
export class LiveModel implements View {
  #revision: Revision = NO_REVISION;
  #newest = 0;
  /** Visible changes so far. */
  #shown = 0;
  readonly #elements = new Map<ElementKey, Known>();
  /** The elements that are instances to a reader. */
  readonly #instances = new Map<string, Known>();
  /** Hosts of which something was told. */
  readonly #hosts = new Map<string, Host>();
  /** Hosts that only instances name. */
  readonly #named = new Map<string, Host>();
  readonly #aggregates = new Map<string, Aggregate>();
  readonly #groups = new Map<string, ServerGroup>();
  readonly #indexes = new Indexes();

  /** The last change that was applied. */
  get revision(): Revision {
    return this.#revision;
  }

  /** The latest time anything applied was said, in microseconds since 1970 by nova's clocks; 0 when nothing was. */
  get newest(): number {
    return this.#newest;
  }

  /** Applies what a store's `follow` tells, in its order, and returns what became visible by it. */
  apply(changes: readonly Change[]): ModelChange[] {
    const visible: ModelChange[] = [];
    for (const change of changes) {
      if (change.facts.length === 0) this.#forget(change, visible);
      else this.#join(change, visible);
    }
    this.#shown += visible.length;
    const last = changes.at(-1);
    if (last !== undefined && compareRevisions(this.#revision, last.revision) < 0) this.#revision = last.revision;
    return visible;
  }

  /** Loads a batch of a store's `scan` taken at `revision`; joins, so what was applied already does no harm. */
  load(facts: readonly Fact[], revision: Revision): ModelChange[] {
    const changes: Change[] = [];
    for (const [element, told] of foldFacts(facts)) {
      changes.push({ element, facts: told, revision, previous: null });
    }
    return this.apply(changes);
  }

  /**
   * Loads a batch of a scan after changes were missed. What is held of its elements beside the batch is forgotten: an
   * element may have been collected meanwhile and begun anew, with lesser clocks.
   */
  reload(facts: readonly Fact[], revision: Revision): ModelChange[] {
    for (const { element } of facts) this.#elements.get(element)?.clear();
    return this.load(facts, revision);
  }

  /** Every fact held: what a store that lost its data is told again. */
  *facts(): Iterable<Fact> {
    for (const [element, known] of this.#elements) yield* heldFacts(element, known);
  }

  /** Forgets every element that is not among `keep`: those a store no longer has after a scan. */
  retain(keep: ReadonlySet<ElementKey>, revision: Revision): ModelChange[] {
    const gone = [...this.#elements.keys()].filter((element) => !keep.has(element));
    return this.apply(gone.map((element) => ({ element, facts: [], revision, previous: null })));
  }

  /** The registers of an element, deleted or not, each with its current cause; null for an element never heard of. */
  explain(element: ElementKey): readonly Explained[] | null {
    const known = this.#elements.get(element);
    if (known === undefined) return null;
    return [...known]
      .map(([register, { value, clock, cause }]) => ({ register, value, clock, cause }))
      .sort((a, b) => (a.register < b.register ? -1 : 1));
  }

  /**
   * Deleted elements whose tombstone is older than `time` (µs): no late message can concern them any more. Not members of
   * server groups, as nothing else tells that they are members no longer.
   */
  tombstonesBefore(time: number): ElementKey[] {
    const old: ElementKey[] = [];
    for (const [element, known] of this.#elements) {
      const tombstone = elementKind(element) === 'host' ? hostGoneSince(known) : known.said(REGISTER.life)?.clock;
      if (tombstone === undefined || tombstone === null || clockTime(tombstone) >= time) continue;
      if (this.#indexes.groupsByInstance.get(elementId(element)).size === 0) old.push(element);
    }
    return old;
  }

  /** Whether an instance is known to be deleted (false for one never heard of). */
  isDeleted(element: ElementKey): boolean {
    const known = this.#elements.get(element);
    return known !== undefined && isDeleted(known);
  }

  /** A what-if copy on which instances can be moved; made at no cost, valid until this model changes. */
  fork(): Fork {
    return new Fork(this, () => this.#shown);
  }

  instance(uuid: string): Instance | undefined {
    return this.#instances.get(uuid)?.instance;
  }

  *instances(): Iterable<Instance> {
    for (const { instance } of this.#instances.values()) if (instance !== undefined) yield instance;
  }

  instanceCount(): number {
    return this.#instances.size;
  }

  instancesOn(host: string): Iterable<Instance> {
    return this.#pick(this.#indexes.instancesByHost.get(host), (uuid) => this.instance(uuid));
  }

  instancesOf(project: string): Iterable<Instance> {
    return this.#pick(this.#indexes.instancesByProject.get(project), (uuid) => this.instance(uuid));
  }

  host(name: string): Host | undefined {
    return this.#hosts.get(name) ?? this.#named.get(name);
  }

  *hosts(): Iterable<Host> {
    yield* this.#hosts.values();
    yield* this.#named.values();
  }

  totalsOn(host: string): Totals {
    return this.#indexes.totalsOn(host);
  }

  /** Sums over all instances, and how many there are of each vm_state. */
  totals(): { readonly all: Totals; readonly byState: ReadonlyMap<string, number> } {
    return { all: this.#indexes.totals, byState: this.#indexes.instancesByState };
  }

  aggregate(uuid: string): Aggregate | undefined {
    return this.#aggregates.get(uuid);
  }

  aggregates(): Iterable<Aggregate> {
    return this.#aggregates.values();
  }

  aggregatesOf(host: string): Iterable<Aggregate> {
    return this.#pick(this.#indexes.aggregatesByHost.get(host), (uuid) => this.aggregate(uuid));
  }

  serverGroup(uuid: string): ServerGroup | undefined {
    return this.#groups.get(uuid);
  }

  serverGroups(): Iterable<ServerGroup> {
    return this.#groups.values();
  }

  groupsOf(instance: string): Iterable<ServerGroup> {
    return this.#pick(this.#indexes.groupsByInstance.get(instance), (uuid) => this.serverGroup(uuid));
  }

  *#pick<T>(ids: ReadonlySet<string>, get: (id: string) => T | undefined): Iterable<T> {
    for (const id of ids) {
      const found = get(id);
      if (found !== undefined) yield found;
    }
  }

  #join(change: Change, visible: ModelChange[]): void {
    let known = this.#elements.get(change.element);
    if (known === undefined) {
      known = new Known();
      this.#elements.set(change.element, known);
    }
    const changed: string[] = [];
    let latest: Fact | null = null;
    let valued = false;
    for (const fact of joinFacts(known, change.facts)) {
      if (fact.cause.time > this.#newest) this.#newest = fact.cause.time;
      if (fact.value === undefined && !isOrderedByClock(fact.register)) continue;
      valued ||= fact.value !== undefined;
      changed.push(fact.register);
      if (latest === null || latest.clock < fact.clock) latest = fact;
    }
    if (latest === null || !(valued || this.#isReordered(change.element, known))) return;
    this.#show(change, known, { registers: changed, cause: latest.cause }, visible);
  }

  /** Whether an element of which nothing but clocks changed has become another by it. */
  #isReordered(element: ElementKey, known: Known): boolean {
    if (elementKind(element) !== 'host') return !sameValue(known.instance?.volumes, attachedVolumes(known));
    return !sameValue(this.#hosts.get(elementId(element))?.service, serviceOf(known));
  }

  #forget(change: Change, visible: ModelChange[]): void {
    const known = this.#elements.get(change.element);
    if (known === undefined) return;
    this.#elements.delete(change.element);
    known.clear();
    this.#show(change, known, { registers: [], cause: null }, visible);
  }

  #show(
    { element, revision }: Change,
    known: Known,
    told: Pick<ModelChange, 'registers' | 'cause'>,
    visible: ModelChange[],
  ): void {
    const kind = elementKind(element);
    const id = elementId(element);
    const { before, after } = this.#replace(kind, id, known);
    if (before === after) return;
    visible.push({ revision, kind, id, before, after, ...told });
    if (kind !== 'instance') return;
    for (const host of this.#renamed(before as Instance | null, after as Instance | null))
      visible.push({ revision, kind: 'host', ...host, registers: [], cause: told.cause });
  }

  /** The hosts that an instance was the last to name, or is the first to, and of which nothing else is known. */
  #renamed(was: Instance | null, is: Instance | null): Pick<ModelChange, 'id' | 'before' | 'after'>[] {
    const from = was?.place?.host ?? null;
    const to = is?.place?.host ?? null;
    if (from === to) return [];
    const changes: Pick<ModelChange, 'id' | 'before' | 'after'>[] = [];
    const left = from === null ? undefined : this.#named.get(from);
    if (left !== undefined && this.#indexes.instancesByHost.get(left.name).size === 0) {
      this.#named.delete(left.name);
      changes.push({ id: left.name, before: left, after: null });
    }
    if (to !== null && this.host(to) === undefined) {
      const found = unknownHost(to);
      this.#named.set(to, found);
      changes.push({ id: to, before: null, after: found });
    }
    return changes;
  }

  #replace(kind: ElementKind, id: string, known: Known): { before: Entity | null; after: Entity | null } {
    const gone = known.isEmpty || isDeleted(known);
    switch (kind) {
      case 'instance': {
        const before = known.instance;
        const after = gone ? undefined : instanceFrom(before?.uuid ?? id, known);
        known.instance = after;
        if (before === undefined && after !== undefined) this.#instances.set(after.uuid, known);
        if (before !== undefined && after === undefined) this.#instances.delete(before.uuid);
        this.#indexes.instance(before, after);
        return { before: before ?? null, after: after ?? null };
      }
      case 'host': {
        const told = isHostGone(known) ? null : hostFrom(id, known);
        const host = told !== null && isKnown(told) ? told : undefined;
        const isNamed = host === undefined && this.#indexes.instancesByHost.get(id).size > 0;
        const named = swap(this.#named, id, isNamed ? (this.#named.get(id) ?? unknownHost(id)) : undefined);
        const { before, after } = swap(this.#hosts, id, host);
        return { before: before ?? named.before ?? null, after: after ?? named.after ?? null };
      }
      case 'aggregate': {
        const next = gone ? undefined : (aggregateFrom(id, known) ?? undefined);
        const { before, after } = swap(this.#aggregates, id, next);
        this.#indexes.aggregate(before, after);
        return { before: before ?? null, after: after ?? null };
      }
      case 'server_group': {
        const { before, after } = swap(this.#groups, id, gone ? undefined : groupFrom(id, known));
        this.#indexes.group(before, after);
        return { before: before ?? null, after: after ?? null };
      }
      // Of a kind that a later Vigil keeps in the same store.
      default:
        return { before: null, after: null };
    }
  }
}

function swap<T>(
  map: Map<string, T>,
  id: string,
  after: T | undefined,
): { before: T | undefined; after: T | undefined } {
  const before = map.get(id);
  if (after === undefined) map.delete(id);
  else map.set(id, after);
  return { before, after };
}

/** The element an instance's uuid names. */
export function instanceKey(uuid: string): ElementKey {
  return elementKey('instance', uuid);
}
