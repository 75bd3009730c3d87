/** Gives names small numbers, so that tables hold a name once; a number is free again when nobody uses it. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];
  /** What was found last. */
  #found = -1;

  /** One more than the greatest number in use. */
  get size(): number {
    return this.#names.length;
  }

  /** The number of a name, given one now if it has none yet. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#names.length;
    this.#names[id] = name;
    this.#uses[id] = 0;
    this.#ids.set(name, id);
    return id;
  }

  /**
   * The number of a name, if it has one. Who measures goes over the same names in the same order again and again, and to
   * compare with the next one costs a fraction of looking it up.
   */
  find(name: string): number | undefined {
    const next = this.#found + 1;
    const id = this.#names[next] === name && name !== '' ? next : this.#ids.get(name);
    if (id !== undefined) this.#found = id;
    return id;
  }

  name(id: number): string {
    return this.#names[id] ?? '';
  }

  use(id: number): void {
    this.#uses[id] = (this.#uses[id] ?? 0) + 1;
  }

  release(id: number): void {
    const uses = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = uses;
    if (uses > 0) return;
    this.#ids.delete(this.name(id));
    this.#names[id] = '';
    this.#free.push(id);
  }
}
