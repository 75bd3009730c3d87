/** Seconds after which a series that nobody measured any more gives its place to another. */
const IDLE_SECONDS = 3_600;
/** Making room looks at every series, so not more often than this. */
const SECONDS_BETWEEN_SWEEPS = 60;

/** Which series there are, so that there are never more than a limit: whoever evaluates them holds memory for each. */
export class SeriesLimit {
  readonly #limit: number;
  /** When a series was last measured, in seconds, by metric and resource. */
  readonly #seen = new Map<string, Map<string, number>>();
  #count = 0;
  #swept = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether a series is among those held, or there is room for it; then it counts as measured `now` (seconds). */
  admit(metric: string, resource: string, now: number): boolean {
    let resources = this.#seen.get(metric);
    if (resources?.has(resource) !== true) {
      if (this.#count >= this.#limit) this.#sweep(now);
      if (this.#count >= this.#limit) return false;
      this.#count += 1;
      resources = this.#seen.get(metric);
      if (resources === undefined) {
        resources = new Map();
        this.#seen.set(metric, resources);
      }
    }
    resources.set(resource, now);
    return true;
  }

  #sweep(now: number): void {
    if (now - this.#swept < SECONDS_BETWEEN_SWEEPS) return;
    this.#swept = now;
    for (const [metric, resources] of this.#seen) {
      for (const [resource, seen] of resources)
        if (seen < now - IDLE_SECONDS && resources.delete(resource)) this.#count -= 1;
      if (resources.size === 0) this.#seen.delete(metric);
    }
  }
}
