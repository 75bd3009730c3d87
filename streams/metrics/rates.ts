interface Counted {
  readonly value: number;
  readonly time: number;
}

/** Rates of counters that come as they are, from one measurement to the next. */
export class Rates {
  readonly #limit: number;
  /** In the order of their last use: beyond the limit the one that was idle the longest goes. */
  readonly #last = new Map<string, Counted>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** By how much a counter grew a second since it was measured last; null when it was not, or not before. A lesser value is of a counter that began anew. */
  next(metric: string, resource: string, value: number, time: number): number | null {
    const key = `${metric} ${resource}`;
    const before = this.#last.get(key);
    if (before !== undefined && before.time >= time) return null;
    this.#last.delete(key);
    this.#last.set(key, { value, time });
    const [oldest] = this.#last.size > this.#limit ? this.#last.keys() : [];
    if (oldest !== undefined) this.#last.delete(oldest);
    if (before === undefined) return null;
    return (value < before.value ? value : value - before.value) / (time - before.time);
  }
}
