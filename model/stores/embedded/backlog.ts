/** What may have a change that is not written yet. */
export interface Lagging {
  /** The number of its oldest change that is not written; null when all are. */
  readonly unwrittenSince: number | null;
}

/** How many may have left before those behind them are moved up. */
const MOST_GONE = 1_024;

/**
 * What is not written yet, by its oldest unwritten change. Its first is found at once, which it would not be in a Set: one
 * whose first entries are deleted all the time walks over what was deleted.
 */
export class Backlog<T extends Lagging> {
  #entries: T[] = [];
  /** Entries before this one have left. */
  #first = 0;

  /** Adds what was all written until now, with its first change that is not. */
  add(lagging: T): void {
    this.#entries.push(lagging);
  }

  /** The one with the oldest change. Those that have none any more, as they were written or removed since, leave now. */
  first(): T | undefined {
    while (this.#first < this.#entries.length && this.#entries[this.#first]?.unwrittenSince === null) this.#leave();
    return this.#entries[this.#first];
  }

  #leave(): void {
    this.#first += 1;
    if (this.#first < MOST_GONE || this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
