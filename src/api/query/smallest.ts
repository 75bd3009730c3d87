/** Keeps the `limit` smallest of what it is offered: a page of any list, however long, without sorting all of it. */
export class Smallest<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #held: T[] = [];
  #bound: T | undefined;

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  offer(item: T): void {
    if (this.#bound !== undefined && this.#compare(item, this.#bound) >= 0) return;
    this.#held.push(item);
    if (this.#held.length >= 2 * this.#limit + SLACK) this.#cut();
  }

  /** The smallest, in order. */
  take(): readonly T[] {
    this.#cut();
    return this.#held;
  }

  #cut(): void {
    this.#held.sort(this.#compare);
    this.#held = this.#held.slice(0, this.#limit);
    if (this.#held.length === this.#limit) this.#bound = this.#held.at(-1);
  }
}

/** Room besides the limit, so that small pages do not sort at every other item. */
const SLACK = 256;
