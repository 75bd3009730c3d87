import type { ElementKey } from './element.ts';
import type { Fact, Value } from './fact.ts';

/** The registers of one element, by name. */
export type Registers = Map<string, Fact>;

/** The whole rule of the model: for each register the greater clock wins. Commutative, associative, idempotent. */
export function wins(fact: Fact, held: Fact | undefined): boolean {
  return held === undefined || held.clock < fact.clock;
}

/**
 * Joins facts into an element's registers in place and returns those that won, in the order given. A fact whose value
 * equals the held one still moves the clock on (an older, different value must not win later): it is returned without its
 * value, and the held value object is kept, so that identity tells what changed.
 */
export function joinFacts(registers: Registers, facts: Iterable<Fact>): Fact[] {
  const won: Fact[] = [];
  for (const fact of facts) {
    const held = registers.get(fact.register);
    if (!wins(fact, held)) continue;
    if (held !== undefined && sameValue(held.value, fact.value)) {
      registers.set(fact.register, withValue(fact, held.value));
      won.push(withValue(fact, undefined));
    } else {
      registers.set(fact.register, fact);
      won.push(fact);
    }
  }
  return won;
}

/** The same statement about another value. */
export function withValue(fact: Fact, value: Value | undefined): Fact {
  return { element: fact.element, register: fact.register, clock: fact.clock, value, cause: fact.cause };
}

/** Folds facts per element and register, the greater clock winning: what a batch says in the end. */
export function foldFacts(facts: readonly Fact[]): Map<ElementKey, Registers> {
  const folded = new Map<ElementKey, Registers>();
  for (const fact of facts) {
    let registers = folded.get(fact.element);
    if (registers === undefined) {
      registers = new Map();
      folded.set(fact.element, registers);
    }
    if (wins(fact, registers.get(fact.register))) registers.set(fact.register, fact);
  }
  return folded;
}

/** Whether two register values are equal as JSON; an undefined value means "unchanged" and equals anything. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b || b === undefined) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  return sameFields(a as Fields, b as Fields);
}

type Fields = { readonly [key: string]: Value };

function sameFields(a: Fields, b: Fields): boolean {
  let fields = 0;
  for (const key in a) {
    if (!(key in b) || !sameValue(a[key], b[key])) return false;
    fields++;
  }
  for (const _ in b) fields--;
  return fields === 0;
}
