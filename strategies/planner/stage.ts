import type { Fork } from '../../model/fork.ts';
import { ACTIONS } from '../catalogue/actions.ts';
import { type Rejected, reject } from '../rejected.ts';
import type { ProposedAction } from '../strategy.ts';
import { apply } from './effect.ts';
import { whyNot } from './feasible.ts';
import { moveOf, resourceOf } from './inputs.ts';
import { relationKeys } from './relations.ts';

/** An action of a stage that found its place. */
export interface Placed {
  readonly action: ProposedAction;
  /** Places in the stage of those it waits for. */
  readonly parents: readonly number[];
}

/**
 * Orders actions of which several may run at once. An action waits for another when it is only possible after it: it is done
 * to the same or a related instance, or needs the room that one leaves. Otherwise it may begin before any other has ended,
 * so it must be possible then: every earlier arrival on its host is taken to be there already, and of the departures only
 * those it waits for to have happened. So whichever of the orders the graph allows is taken, no step over-commits a host.
 */
export class Stage {
  readonly #start: Fork;
  readonly #placed: Placed[] = [];
  readonly #ancestors: ReadonlySet<number>[] = [];
  readonly #byRelation = new Map<string, number[]>();
  readonly #arrivals = new Map<string, number[]>();
  readonly #departures = new Map<string, number[]>();

  /** `start` is what it will be when the stage begins; nothing is done to it. */
  constructor(start: Fork) {
    this.#start = start;
  }

  get placed(): readonly Placed[] {
    return this.#placed;
  }

  /** Places what can be placed and returns why the rest cannot. */
  place(proposed: readonly ProposedAction[]): Rejected[] {
    let open = byWeight(proposed);
    for (let before = Number.POSITIVE_INFINITY; open.length < before && open.length > 0; ) {
      before = open.length;
      const blocked = new Set<string>();
      open = open.filter((action) => {
        const resource = resourceOf(action) ?? '';
        if (!blocked.has(resource) && this.#try(action) === null) return false;
        blocked.add(resource);
        return true;
      });
    }
    const refused = new Set<string>();
    return open.map((action) => {
      const resource = resourceOf(action) ?? '';
      const why = refused.has(resource) ? reject(resource, 'after-rejected') : this.#try(action);
      refused.add(resource);
      if (why === null) throw new Error('an action that can be placed was left over');
      return why;
    });
  }

  /** Places an action, or says why it cannot be. */
  #try(action: ProposedAction): Rejected | null {
    const keys = relationKeys(this.#start, resourceOf(action) ?? '');
    const related = new Set([...keys].flatMap((key) => this.#byRelation.get(key) ?? []));
    const parents = [...related];
    let waits = this.#closure(parents);
    let why = whyNot(this.#when(action, waits, related), action);
    for (const i of why === null ? [] : this.#departuresFor(action)) {
      if (waits.has(i)) continue;
      parents.push(i);
      waits = this.#closure(parents);
      why = whyNot(this.#when(action, waits, related), action);
      if (why === null) break;
    }
    if (why === null) this.#add(action, parents, waits, keys);
    return why;
  }

  #add(action: ProposedAction, parents: readonly number[], waits: ReadonlySet<number>, keys: Iterable<string>): void {
    const i = this.#placed.length;
    // Of those it waits for only the last ones: the others are waited for by these.
    const last = parents.filter((one) => !parents.some((other) => this.#ancestors[other]?.has(one)));
    this.#placed.push({ action, parents: last.sort((a, b) => a - b) });
    this.#ancestors.push(waits);
    for (const key of keys) note(this.#byRelation, key, i);
    const move = moveOf(action);
    if (move === null) return;
    note(this.#departures, move.from, i);
    if (move.to !== null) note(this.#arrivals, move.to, i);
  }

  /** The least favourable moment for an action that waits for some: these have ended, and every arrival is there. */
  #when(action: ProposedAction, waits: ReadonlySet<number>, related: ReadonlySet<number>): Fork {
    const moment = this.#start.fork();
    const happened = new Set([...related, ...this.#arrivalsFor(action)]);
    for (const i of this.#departuresFor(action)) if (waits.has(i)) happened.add(i);
    for (const i of [...happened].sort((a, b) => a - b)) {
      const other = this.#placed[i]?.action;
      if (other !== undefined) apply(moment, other);
    }
    return moment;
  }

  #arrivalsFor(action: ProposedAction): readonly number[] {
    const to = moveOf(action)?.to ?? null;
    return to === null ? [] : (this.#arrivals.get(to) ?? []);
  }

  #departuresFor(action: ProposedAction): readonly number[] {
    const to = moveOf(action)?.to ?? null;
    return to === null ? [] : (this.#departures.get(to) ?? []);
  }

  #closure(parents: readonly number[]): ReadonlySet<number> {
    const all = new Set(parents);
    for (const i of parents) for (const earlier of this.#ancestors[i] ?? []) all.add(earlier);
    return all;
  }
}

/** Heavier ones first, as far as what is done to one thing stays in its order. */
function byWeight(proposed: readonly ProposedAction[]): ProposedAction[] {
  const lightest = new Map<string, number>();
  const ranked = proposed.map((action) => {
    const resource = resourceOf(action) ?? '';
    const weight = Math.min(ACTIONS[action.type].weight, lightest.get(resource) ?? Number.POSITIVE_INFINITY);
    lightest.set(resource, weight);
    return { action, weight };
  });
  return ranked.sort((a, b) => b.weight - a.weight).map(({ action }) => action);
}

function note(places: Map<string, number[]>, key: string, i: number): void {
  const known = places.get(key);
  if (known === undefined) places.set(key, [i]);
  else known.push(i);
}
