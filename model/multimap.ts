/** Ids under a key, for indexes: a key with nothing under it is not held. */
export class Multimap {
  readonly #sets = new Map<string, Set<string>>();

  add(key: string, id: string): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([id]));
    else set.add(id);
  }

  delete(key: string, id: string): void {
    const set = this.#sets.get(key);
    if (set?.delete(id) && set.size === 0) this.#sets.delete(key);
  }

  get(key: string): ReadonlySet<string> {
    return this.#sets.get(key) ?? EMPTY;
  }

  keys(): Iterable<string> {
    return this.#sets.keys();
  }
}

const EMPTY: ReadonlySet<string> = new Set();
