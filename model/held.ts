import type { Clock } from './clock.ts';
import type { Cause, Value } from './fact.ts';
import { REGISTER } from './registers.ts';

/** A statement: the clock and cause of registers that were set together, moved on in place when all of them are again. */
export interface Said {
  clock: Clock;
  cause: Cause;
  /** How many registers share it. */
  registers: number;
}

/** What a register holds now; its value is never changed in place. */
export interface Held {
  readonly value: Value;
  readonly clock: Clock;
  readonly cause: Cause;
}

type Cell = Said | Value | undefined;
/** At a place: what last set a register, and what it holds. */
const CELLS = 2;

/** The places of what instances have: a map for each of them would weigh as much as what is in it. */
const SLOTS: ReadonlyMap<string, number> = new Map(
  [
    ...[REGISTER.place, REGISTER.state, REGISTER.power, REGISTER.flavor, REGISTER.identity, REGISTER.zone],
    ...[REGISTER.metadata, REGISTER.tags, REGISTER.locked, REGISTER.fault, REGISTER.volumes, REGISTER.constraints],
    ...[REGISTER.domain, REGISTER.migration, REGISTER.life],
  ].map((register, i) => [register, CELLS * i]),
);

/**
 * The registers of one element, by name. Each has a place, found once and then used; what it holds and what last set it lie
 * side by side there, in one array: what is far apart in the memory of a large model takes longer to get at than to join.
 */
export class Registers {
  /** At a place what last set its register, then what that holds. */
  #cells: Cell[] = [];
  /** The places of those that have no slot. */
  #others: Map<string, number> | null = null;

  /** Whether none was ever set. */
  get isEmpty(): boolean {
    return this.#cells.length === 0;
  }

  /** The place of a register; undefined for one that was never set. */
  find(register: string): number | undefined {
    const slot = SLOTS.get(register);
    if (slot === undefined) return this.#others?.get(register);
    return this.#cells[slot] === undefined ? undefined : slot;
  }

  /** What last set the register at a place. */
  saidAt(place: number): Said {
    return this.#cells[place] as Said;
  }

  /** What the register at a place holds. */
  valueAt(place: number): Value {
    return this.#cells[place + 1] as Value;
  }

  /** What last set a register; undefined for one that was never set. */
  said(register: string): Said | undefined {
    const place = this.find(register);
    return place === undefined ? undefined : this.saidAt(place);
  }

  /** What a register holds; undefined for one that was never set. */
  value(register: string): Value | undefined {
    const place = this.find(register);
    return place === undefined ? undefined : this.valueAt(place);
  }

  /** Notes that the register at a place is now as another statement has it. */
  restate(place: number, said: Said): void {
    this.#cells[place] = said;
  }

  /** Gives the register at a place another value. */
  revalue(place: number, value: Value): void {
    this.#cells[place + 1] = value;
  }

  /** Sets a register for the first time. */
  add(register: string, value: Value, said: Said): void {
    const place = SLOTS.get(register) ?? this.#placeBeyondSlots(register);
    // All slots at once: an array that grows by itself takes more memory than it needs.
    if (this.isEmpty) this.#cells = new Array<Cell>(CELLS * SLOTS.size).fill(undefined);
    this.#cells[place] = said;
    this.#cells[place + 1] = value;
  }

  clear(): void {
    this.#cells = [];
    this.#others = null;
  }

  *[Symbol.iterator](): Iterator<[register: string, held: Held]> {
    for (const [register, slot] of SLOTS) if (this.#cells[slot] !== undefined) yield [register, this.#heldAt(slot)];
    for (const [register, place] of this.#others ?? []) yield [register, this.#heldAt(place)];
  }

  /** The registers of a family, by their items: `member/` gives each member. */
  family(prefix: string): readonly (readonly [item: string, held: Held])[] {
    if (this.#others === null) return NO_ITEMS;
    const items: [string, Held][] = [];
    for (const [register, place] of this.#others)
      if (register.startsWith(prefix)) items.push([register.slice(prefix.length), this.#heldAt(place)]);
    return items;
  }

  #placeBeyondSlots(register: string): number {
    this.#others ??= new Map();
    const place = CELLS * (SLOTS.size + this.#others.size);
    this.#others.set(register, place);
    return place;
  }

  #heldAt(place: number): Held {
    const { clock, cause } = this.saidAt(place);
    return { value: this.valueAt(place), clock, cause };
  }
}

const NO_ITEMS: readonly (readonly [string, Held])[] = [];
