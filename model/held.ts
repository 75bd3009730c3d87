import type { Clock } from './clock.ts';
import type { Cause, Value } from './fact.ts';
import { REGISTER } from './registers.ts';

/** A statement: the clock and cause of registers that were set together, moved on in place when all of them are again. */
export interface Said {
  clock: Clock;
  cause: Cause;
  /** How many registers were set by it last; {@link Registers} counts. */
  sharedBy: number;
}

/** What a register holds now; its value is never changed in place. */
export interface Held {
  readonly value: Value;
  readonly clock: Clock;
  readonly cause: Cause;
}

type Cell = Said | Value | undefined;
/** At an offset: what last set a register, then what it holds. */
const CELLS = 2;

/** The offsets of what instances have: a map for each of them would weigh as much as what is in it. */
const SLOTS: ReadonlyMap<string, number> = new Map(
  [
    ...[REGISTER.place, REGISTER.state, REGISTER.power, REGISTER.flavor, REGISTER.identity, REGISTER.zone],
    ...[REGISTER.metadata, REGISTER.tags, REGISTER.locked, REGISTER.fault, REGISTER.volumes, REGISTER.constraints],
    ...[REGISTER.domain, REGISTER.migration, REGISTER.life],
  ].map((register, i) => [register, CELLS * i]),
);

/**
 * The registers of one element, by name. Each has an offset, found once and then used; what it holds and what last set it lie
 * side by side there, in one array: what is far apart in the memory of a large model takes longer to get at than to join.
 */
export class Registers {
  #cells: Cell[] = [];
  /** The offsets of those that have no slot. */
  #others: Map<string, number> | null = null;

  /** Whether none was ever set. */
  get isEmpty(): boolean {
    return this.#cells.length === 0;
  }

  /** The offset of a register; undefined for one that was never set. */
  find(register: string): number | undefined {
    const slot = SLOTS.get(register);
    if (slot === undefined) return this.#others?.get(register);
    return this.#cells[slot] === undefined ? undefined : slot;
  }

  /** What last set the register at an offset. */
  saidAt(offset: number): Said {
    return this.#cells[offset] as Said;
  }

  /** What the register at an offset holds. */
  valueAt(offset: number): Value {
    return this.#cells[offset + 1] as Value;
  }

  /** What last set a register; undefined for one that was never set. */
  said(register: string): Said | undefined {
    const offset = this.find(register);
    return offset === undefined ? undefined : this.saidAt(offset);
  }

  /** What a register holds; undefined for one that was never set. */
  value(register: string): Value | undefined {
    const offset = this.find(register);
    return offset === undefined ? undefined : this.valueAt(offset);
  }

  /** Notes that the register at an offset is now as another statement has it. */
  restate(offset: number, said: Said): void {
    this.saidAt(offset).sharedBy -= 1;
    said.sharedBy += 1;
    this.#cells[offset] = said;
  }

  /** Gives the register at an offset another value. */
  revalue(offset: number, value: Value): void {
    this.#cells[offset + 1] = value;
  }

  /** Sets a register for the first time. */
  add(register: string, value: Value, said: Said): void {
    const offset = SLOTS.get(register) ?? this.#offsetBeyondSlots(register);
    // All slots at once: an array that grows by itself takes more memory than it needs.
    if (this.isEmpty) this.#cells = new Array<Cell>(CELLS * SLOTS.size).fill(undefined);
    said.sharedBy += 1;
    this.#cells[offset] = said;
    this.#cells[offset + 1] = value;
  }

  clear(): void {
    this.#cells = [];
    this.#others = null;
  }

  *[Symbol.iterator](): Iterator<[register: string, held: Held]> {
    for (const [register, slot] of SLOTS) if (this.#cells[slot] !== undefined) yield [register, this.#heldAt(slot)];
    for (const [register, offset] of this.#others ?? []) yield [register, this.#heldAt(offset)];
  }

  /** The registers of a family, by their items: `member/` gives each member. */
  family(prefix: string): readonly (readonly [item: string, held: Held])[] {
    if (this.#others === null) return NO_ITEMS;
    const items: [string, Held][] = [];
    for (const [register, offset] of this.#others)
      if (register.startsWith(prefix)) items.push([register.slice(prefix.length), this.#heldAt(offset)]);
    return items;
  }

  #offsetBeyondSlots(register: string): number {
    this.#others ??= new Map();
    const offset = CELLS * (SLOTS.size + this.#others.size);
    this.#others.set(register, offset);
    return offset;
  }

  #heldAt(offset: number): Held {
    const { clock, cause } = this.saidAt(offset);
    return { value: this.valueAt(offset), clock, cause };
  }
}

const NO_ITEMS: readonly (readonly [string, Held])[] = [];
