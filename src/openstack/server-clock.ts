const MICROS_PER_MILLI = 1_000;
const MICROS_PER_SECOND = 1_000_000;
/** How long a measurement counts: clocks drift by some ten ppm, so within this by less than a millisecond. */
const WINDOW = 60 * MICROS_PER_SECOND;

/** Bounds of how far a server's clock is ahead of ours, in microseconds. */
interface Bounds {
  readonly atLeast: number;
  readonly atMost: number;
}

/**
 * A server's clock, known from the `Date` headers of its answers. They have whole seconds and were written somewhere between
 * our sending and our receiving, so each gives bounds; what is told is the lower one, so that a time in the server's clock
 * is rounded down, never up. All times in microseconds since 1970.
 */
export class ServerClock {
  #bounds: Bounds | null = null;
  #since = 0;

  /** An answer with this `Date` header was asked for at `sent` and here at `received`, in our clock. */
  observe(date: string | undefined, sent: number, received: number): void {
    const stated = date === undefined ? Number.NaN : Date.parse(date) * MICROS_PER_MILLI;
    if (Number.isNaN(stated)) return;
    const bounds = { atLeast: stated - received, atMost: stated + MICROS_PER_SECOND - sent };
    const known = this.#bounds;
    const fits = known !== null && bounds.atLeast <= known.atMost && known.atLeast <= bounds.atMost;
    if (known !== null && fits && received - this.#since < WINDOW) {
      this.#bounds = {
        atLeast: Math.max(known.atLeast, bounds.atLeast),
        atMost: Math.min(known.atMost, bounds.atMost),
      };
      return;
    }
    this.#bounds = bounds;
    this.#since = received;
  }

  /** How far the server's clock is ahead of ours at least; 0 as long as nothing was measured. */
  get offset(): number {
    return this.#bounds?.atLeast ?? 0;
  }

  /** The server's time at a moment of ours: not later than it really was. */
  atLeast(ours: number): number {
    return Math.floor(ours + this.offset);
  }

  /** The server's time at a moment of ours: not earlier than it really was. */
  atMost(ours: number): number {
    return Math.ceil(ours + (this.#bounds?.atMost ?? 0));
  }
}
