import type { Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';

/** A register with a value that was claimed for it. */
export type Claimed = readonly [register: string, value: Value];
/** An event, a publisher, or what was claimed. */
export type Entry = string | Claimed;

/** Registers whose values many elements have in common. */
const IN_COMMON: ReadonlySet<string> = new Set([
  ...[REGISTER.place, REGISTER.state, REGISTER.power, REGISTER.flavor, REGISTER.zone, REGISTER.metadata],
  ...[REGISTER.tags, REGISTER.locked, REGISTER.life],
]);

/** Some six times what a cloud of 5,000 hosts, with a publisher and a place each, has of them. */
const MOST_ENTRIES = 65_536;
/** Of an entry, in UTF-16 units. */
const LONGEST = 512;

/**
 * What is told again and again, by numbers that count from 0: it is sent once, and is one object for all that have it, which
 * is compared in no time. It begins anew when it is full, so that what is no longer told is forgotten.
 */
export class Glossary {
  readonly #names = new Map<string, number>();
  readonly #claimed = new Map<string, Map<string, number>>();
  #size = 0;
  #new: Entry[] = [];

  /** Whether it began anew. Batches begin with it: what they name must be known to their end. */
  beginAnewWhenFull(): boolean {
    if (this.#size < MOST_ENTRIES) return false;
    this.#names.clear();
    this.#claimed.clear();
    this.#size = 0;
    return true;
  }

  /** The entries made since this was last asked, in the order of their numbers. */
  takeNew(): readonly Entry[] {
    const made = this.#new;
    this.#new = [];
    return made;
  }

  /** The number of an event or a publisher; itself when it is too long for an entry. */
  name(name: string): number | string {
    if (name.length > LONGEST) return name;
    return this.#names.get(name) ?? this.#add(this.#names, name, name);
  }

  /** The number of what is claimed; itself when nobody else is likely to have it. */
  claimed(register: string, value: Value): number | Claimed {
    if (!isInCommon(register, value)) return [register, value];
    const text = JSON.stringify(value);
    if (text.length > LONGEST) return [register, value];
    let known = this.#claimed.get(register);
    if (known === undefined) {
      known = new Map();
      this.#claimed.set(register, known);
    }
    return known.get(text) ?? this.#add(known, text, [register, value]);
  }

  #add(known: Map<string, number>, key: string, entry: Entry): number {
    this.#new.push(entry);
    known.set(key, this.#size);
    this.#size += 1;
    return this.#size - 1;
  }
}

/** Volumes have ids, so that nobody else has the same; most instances have none. */
function isInCommon(register: string, value: Value): boolean {
  if (register === REGISTER.volumes) return Array.isArray(value) && value.length === 0;
  return IN_COMMON.has(register);
}
