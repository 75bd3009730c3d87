/** How many seconds' worth may come at once: sources that ask every so often bring much together. */
const BURST_SECONDS = 60;

/** How much a source may still bring: filled at a steady rate, up to a minute's worth. */
export class Allowance {
  readonly #perSecond: number;
  #left: number;
  #filled: number | null = null;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond * BURST_SECONDS;
  }

  /** Takes one from what is left at a time (seconds); false when nothing is. */
  take(now: number): boolean {
    const elapsed = Math.max(0, now - (this.#filled ?? now));
    this.#filled = now;
    this.#left = Math.min(this.#perSecond * BURST_SECONDS, this.#left + elapsed * this.#perSecond);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
