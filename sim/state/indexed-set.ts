import type { Random } from '../random.ts';

/** A set from which a random member is drawn in constant time. */
export class IndexedSet<T> {
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    if (this.#places.has(item)) return;
    this.#places.set(item, this.#items.length);
    this.#items.push(item);
  }

  delete(item: T): void {
    const place = this.#places.get(item);
    if (place === undefined) return;
    this.#places.delete(item);
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#items[place] = last;
    this.#places.set(last, place);
  }

  has(item: T): boolean {
    return this.#places.has(item);
  }

  /** A random member; undefined when empty. */
  draw(random: Random): T | undefined {
    return this.#items[random.int(this.#items.length)];
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#items[Symbol.iterator]();
  }
}
