import { clockTime } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import { sameValue, wins } from '../../model/join.ts';
import type { Explained, LiveModel } from '../../model/live-model.ts';
import { REGISTER } from '../../model/registers.ts';

/** What a read corrected, and what had told the wrong value. */
export interface Correction {
  readonly element: ElementKey;
  /** The register's name, without the item of a family; `life` for something that was gone. */
  readonly register: string;
  /** The event or API read that the wrong value came from; {@link NOTHING_TOLD} when nobody had told anything. */
  readonly cause: string;
  /** The row was saved just before it was read: the stream may be about to tell it. Not counted as drift. */
  readonly early: boolean;
}

/** How often a register was found wrong, by what had told the wrong value. */
export interface DriftCount {
  readonly register: string;
  readonly cause: string;
  readonly count: number;
}

export interface DriftReport {
  /** Corrections since this process started, most frequent first. */
  readonly counts: readonly DriftCount[];
  readonly total: number;
  /** Reads that were ahead of the stream by moments. */
  readonly early: number;
}

/** The cause of a correction of something nobody had told of. */
export const NOTHING_TOLD = 'nothing';
/** The register under which a missed element is counted. */
const ELEMENT = 'element';

/** A row saved less than this before it was read may be told by a notification under way. */
const EARLY_MICROS = 10_000_000;
const MICROS_PER_SECOND = 1_000_000;
/** What only reads tell: that it changed says nothing about the stream. */
const READ_ONLY = [
  REGISTER.constraints,
  REGISTER.migration,
  REGISTER.heartbeat,
  REGISTER.inventory,
  REGISTER.provider,
  REGISTER.claims,
];

/**
 * What the facts of a read would correct in the model: registers that a notification should have told. An element the model
 * does not have at all counts once (register `element`).
 */
export function correctionsOf(facts: readonly Fact[], model: LiveModel): Correction[] {
  const corrections: Correction[] = [];
  let element: ElementKey | null = null;
  let held: ReadonlyMap<string, Explained> | null = null;
  for (const fact of facts) {
    if (fact.element !== element) {
      element = fact.element;
      const explained = model.explain(element);
      held = explained === null ? null : new Map(explained.map((one) => [one.register, one]));
      if (held === null) corrections.push(correction(fact, ELEMENT, NOTHING_TOLD));
    }
    if (held === null || READ_ONLY.some((name) => fact.register.startsWith(name))) continue;
    const before = held.get(fact.register);
    if (isGone(fact) && before === undefined) corrections.push(correction(fact, REGISTER.life, NOTHING_TOLD));
    if (before === undefined || sameValue(before.value, fact.value) || !wins(fact, before)) continue;
    corrections.push(correction(fact, familyOf(fact.register), before.cause.event));
  }
  return corrections;
}

/** Counts corrections, by register and by what had told the wrong value. */
export class Drift {
  readonly #counts = new Map<string, DriftCount>();
  #total = 0;
  #early = 0;
  #primed = false;

  /** The model was complete once: from now on an element it does not have is one that the stream missed. */
  prime(): void {
    this.#primed = true;
  }

  /** Returns how many of them are drift. */
  add(corrections: readonly Correction[]): number {
    const before = this.#total;
    for (const { register, cause, early } of corrections) {
      if (register === ELEMENT && !this.#primed) continue;
      if (early) {
        this.#early += 1;
        continue;
      }
      this.#total += 1;
      const key = `${register} ${cause}`;
      this.#counts.set(key, { register, cause, count: (this.#counts.get(key)?.count ?? 0) + 1 });
    }
    return this.#total - before;
  }

  report(): DriftReport {
    const counts = [...this.#counts.values()].sort((a, b) => b.count - a.count);
    return { counts, total: this.#total, early: this.#early };
  }
}

function correction(fact: Fact, register: string, cause: string): Correction {
  const updated = Number(fact.clock.slice(0, 10)) * MICROS_PER_SECOND;
  const early = updated > 0 && clockTime(fact.clock) - updated < EARLY_MICROS;
  return { element: fact.element, register, cause, early };
}

function isGone(fact: Fact): boolean {
  return fact.value === true && (fact.register === REGISTER.life || fact.register.startsWith(REGISTER.serviceLife));
}

/** `member/` for `member/3b44…`. */
function familyOf(register: string): string {
  const slash = register.indexOf('/');
  return slash < 0 ? register : register.slice(0, slash + 1);
}
