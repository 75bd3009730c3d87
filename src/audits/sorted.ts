import type { Stored } from './record.ts';

/** A value records are sorted by; null comes first, as in the data bases clients are used to. */
export type SortValue = string | number | boolean | null;
export type SortKey<T> = (record: T) => SortValue;

export type Direction = 'asc' | 'desc';

/** Records in the order of one key, then of their ids; a place in it is found in the logarithm of their number. */
export class Sorted<T extends Stored> {
  readonly #key: SortKey<T>;
  readonly #records: T[] = [];
  /** By uuid, as they were when the records came: a key may be of something else that is forgotten meanwhile. */
  readonly #keys = new Map<string, SortValue>();

  constructor(key: SortKey<T>, records: Iterable<T>) {
    this.#key = key;
    for (const record of records) {
      this.#keys.set(record.uuid, key(record));
      this.#records.push(record);
    }
    this.#records.sort((a, b) => this.#compare(a, b));
  }

  add(record: T): void {
    this.#keys.set(record.uuid, this.#key(record));
    this.#records.splice(this.#place(record), 0, record);
  }

  remove(record: T): void {
    if (!this.#keys.has(record.uuid)) return;
    this.#records.splice(this.#place(record), 1);
    this.#keys.delete(record.uuid);
  }

  /** What follows a record in a direction (null: from the end where that direction begins). */
  *after(record: T | null, direction: Direction): Iterable<T> {
    const step = direction === 'asc' ? 1 : -1;
    let at = direction === 'asc' ? 0 : this.#records.length - 1;
    if (record !== null) {
      const passed = direction === 'asc' ? Number(this.#keys.has(record.uuid)) : -1;
      at = this.#place(record) + passed;
    }
    for (; at >= 0 && at < this.#records.length; at += step) yield this.#records[at] as T;
  }

  /** Where a record is, or would be. */
  #place(record: T): number {
    let [low, high] = [0, this.#records.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#records[middle] as T, record) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(a: T, b: T): number {
    return compareValues(this.#keyOf(a), this.#keyOf(b)) || a.id - b.id;
  }

  #keyOf(record: T): SortValue {
    const kept = this.#keys.get(record.uuid);
    return kept === undefined ? this.#key(record) : kept;
  }
}

function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
