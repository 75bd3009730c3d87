import type { Clock } from './clock.ts';
import type { ElementKey } from './element.ts';
import type { Fact, Value } from './fact.ts';
import type { Registers, Said } from './held.ts';

/** The whole rule of the model: for each register the greater clock wins. Commutative, associative, idempotent. */
export function wins(fact: { readonly clock: Clock }, held: { readonly clock: Clock } | undefined): boolean {
  return held === undefined || held.clock < fact.clock;
}

/**
 * Joins facts into an element's registers in place and returns those that won, in the order given. A fact whose value
 * equals the held one still moves the clock on (an older, different value must not win later): it is returned without its
 * value, and the held value object is kept.
 */
export function joinFacts(registers: Registers, facts: readonly Fact[]): Fact[] {
  const won: Fact[] = [];
  for (const statement of statementsOf(facts)) joinStatement(registers, statement, won);
  return won;
}

/** The facts in parts of one clock and cause each; most often it is one. */
function statementsOf(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const parts: (readonly Fact[])[] = [];
  let from = 0;
  for (let i = 1; i <= facts.length; i++) {
    if (i < facts.length && facts[i]?.clock === facts[from]?.clock && facts[i]?.cause === facts[from]?.cause) continue;
    parts.push(from === 0 && i === facts.length ? facts : facts.slice(from, i));
    from = i;
  }
  return parts;
}

function joinStatement(registers: Registers, statement: readonly Fact[], won: Fact[]): void {
  const [first] = statement;
  if (first === undefined) return;
  const { clock, cause } = first;
  const offsets = statement.map(({ register }) => registers.find(register));
  const passed = superseded(registers, offsets, statement, clock);
  const said: Said = passed ?? { clock, cause, sharedBy: 0 };
  said.clock = clock;
  said.cause = cause;
  for (const [i, fact] of statement.entries()) {
    // A register that the statement has twice was not there before the first of both.
    const offset = offsets[i] ?? registers.find(fact.register);
    if (offset === undefined) {
      registers.add(fact.register, fact.value ?? null, said);
      won.push(fact);
      continue;
    }
    const before = registers.saidAt(offset);
    if (before !== passed && !wins(fact, before)) continue;
    if (before !== said) registers.restate(offset, said);
    won.push(take(registers, offset, fact));
  }
}

/**
 * A statement of before of which every register is told anew: it is moved on as a whole. Writing to each register instead
 * costs the garbage collector more than the join, as old objects that point to new ones.
 */
function superseded(
  registers: Registers,
  offsets: readonly (number | undefined)[],
  statement: readonly Fact[],
  clock: Clock,
): Said | undefined {
  let said: Said | undefined;
  let told = 0;
  for (const offset of offsets) {
    if (offset === undefined) continue;
    const before = registers.saidAt(offset);
    said ??= before;
    if (before === said) told += 1;
  }
  if (said?.sharedBy !== told || said.clock >= clock || hasRepeats(statement)) return undefined;
  return said;
}

/** Gives the register at an offset the value of a fact that has won; returns the fact, without its value if that is the same. */
function take(registers: Registers, offset: number, fact: Fact): Fact {
  if (fact.value === undefined) return fact;
  if (sameValue(registers.valueAt(offset), fact.value)) return withoutValue(fact);
  registers.revalue(offset, fact.value);
  return fact;
}

function withoutValue({ element, register, clock, cause }: Fact): Fact {
  return { element, register, clock, value: undefined, cause };
}

/** What an element's registers hold, as facts. */
export function* heldFacts(element: ElementKey, registers: Registers): Iterable<Fact> {
  for (const [register, { value, clock, cause }] of registers) yield { element, register, clock, value, cause };
}

/** Folds facts per element and register, the greater clock winning: what a batch says in the end. */
export function foldFacts(facts: Iterable<Fact>): Map<ElementKey, readonly Fact[]> {
  const told = new Map<ElementKey, Fact[]>();
  let element: ElementKey | undefined;
  let last: Fact[] = [];
  for (const fact of facts) {
    if (fact.element !== element) {
      element = fact.element;
      last = told.get(element) ?? [];
      if (last.length === 0) told.set(element, last);
    }
    last.push(fact);
  }
  for (const [key, list] of told) if (hasRepeats(list)) told.set(key, foldRegisters(list));
  return told;
}

/** So few facts are compared with one another faster than they are put in a set. */
const FEW = 16;

function hasRepeats(facts: readonly Fact[]): boolean {
  if (facts.length > FEW) return new Set(facts.map(({ register }) => register)).size < facts.length;
  for (let i = 1; i < facts.length; i++) {
    for (let j = 0; j < i; j++) if (facts[i]?.register === facts[j]?.register) return true;
  }
  return false;
}

function foldRegisters(facts: readonly Fact[]): Fact[] {
  const folded = new Map<string, Fact>();
  for (const fact of facts) if (wins(fact, folded.get(fact.register))) folded.set(fact.register, fact);
  return [...folded.values()];
}

/** Whether two register values are equal as JSON. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
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
    const value = a[key];
    const other = b[key];
    if (value !== other && !(Object.hasOwn(b, key) && sameValue(value, other))) return false;
    fields++;
  }
  for (const _ in b) fields--;
  return fields === 0;
}
