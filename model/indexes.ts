import type { Aggregate, ServerGroup } from './grouping.ts';
import { type Instance, usageOf } from './instance.ts';
import { Multimap } from './multimap.ts';
import { addTotals, NO_TOTALS, subtractTotals, type Totals } from './totals.ts';

/** What queries look up, kept in step with every change and never recomputed by scanning. */
export class Indexes {
  readonly instancesByHost = new Multimap();
  readonly instancesByProject = new Multimap();
  readonly aggregatesByHost = new Multimap();
  readonly groupsByInstance = new Multimap();
  readonly instancesByState = new Map<string, number>();
  readonly #totalsByHost = new Map<string, Totals>();
  #totals: Totals = NO_TOTALS;

  get totals(): Totals {
    return this.#totals;
  }

  totalsOn(host: string): Totals {
    return this.#totalsByHost.get(host) ?? NO_TOTALS;
  }

  /** An instance became another (either may be missing: it appeared, or was deleted). */
  instance(before: Instance | undefined, after: Instance | undefined): void {
    if (before !== undefined) this.#leave(before, after);
    if (after !== undefined) this.#enter(after, before);
    this.#account(before, after);
  }

  aggregate(before: Aggregate | undefined, after: Aggregate | undefined): void {
    for (const host of before?.hosts ?? []) this.aggregatesByHost.delete(host, before?.uuid ?? '');
    for (const host of after?.hosts ?? []) this.aggregatesByHost.add(host, after?.uuid ?? '');
  }

  group(before: ServerGroup | undefined, after: ServerGroup | undefined): void {
    for (const member of before?.members ?? []) this.groupsByInstance.delete(member, before?.uuid ?? '');
    for (const member of after?.members ?? []) this.groupsByInstance.add(member, after?.uuid ?? '');
  }

  #leave(instance: Instance, next: Instance | undefined): void {
    const host = hostOf(instance);
    if (host !== null && host !== hostOf(next)) this.instancesByHost.delete(host, instance.uuid);
    const project = projectOf(instance);
    if (project !== null && project !== projectOf(next)) this.instancesByProject.delete(project, instance.uuid);
  }

  #enter(instance: Instance, last: Instance | undefined): void {
    const host = hostOf(instance);
    if (host !== null && host !== hostOf(last)) this.instancesByHost.add(host, instance.uuid);
    const project = projectOf(instance);
    if (project !== null && project !== projectOf(last)) this.instancesByProject.add(project, instance.uuid);
  }

  #account(before: Instance | undefined, after: Instance | undefined): void {
    const state = stateOf(before);
    const next = stateOf(after);
    if (state !== next) {
      if (state !== undefined) this.#count(state, -1);
      if (next !== undefined) this.#count(next, +1);
    }
    const moved = hostOf(before) !== hostOf(after);
    const resized = before?.flavor !== after?.flavor || before?.identity?.image_id !== after?.identity?.image_id;
    if (!moved && !resized && before !== undefined && after !== undefined) return;
    this.#take(hostOf(before), before, subtractTotals);
    this.#take(hostOf(after), after, addTotals);
  }

  #count(state: string, by: number): void {
    const count = (this.instancesByState.get(state) ?? 0) + by;
    if (count === 0) this.instancesByState.delete(state);
    else this.instancesByState.set(state, count);
  }

  #take(host: string | null, instance: Instance | undefined, change: typeof addTotals): void {
    if (instance === undefined) return;
    const usage = usageOf(instance);
    this.#totals = change(this.#totals, usage);
    if (host === null) return;
    const totals = change(this.totalsOn(host), usage);
    if (totals.instances === 0) this.#totalsByHost.delete(host);
    else this.#totalsByHost.set(host, totals);
  }
}

function hostOf(instance: Instance | undefined): string | null {
  return instance?.place?.host ?? null;
}

function projectOf(instance: Instance | undefined): string | null {
  return instance?.identity?.project_id ?? null;
}

function stateOf(instance: Instance | undefined): string | undefined {
  return instance === undefined ? undefined : (instance.state?.vm_state ?? 'unknown');
}
