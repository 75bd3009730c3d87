import type { Timing } from './timing.ts';

const MILLIS_PER_SECOND = 1_000;
const MICROS_PER_MILLI = 1_000;
/** The first wait after a failure, in seconds; doubled with each further one, up to the interval. */
const FIRST_RETRY = 5;

/**
 * Something done at an interval, and at once when asked for. One run at a time: what is asked for while one is under way is
 * done after it, since that one may have begun too early.
 */
export class Job {
  readonly #timing: Timing;
  readonly #work: () => Promise<boolean>;
  #everySeconds: number;
  #failures = 0;
  #asked: { readonly promise: Promise<void>; readonly done: () => void } | null = null;
  #wake = new AbortController();

  /** `work` tells whether it succeeded. */
  constructor(everySeconds: number, work: () => Promise<boolean>, timing: Timing) {
    this.#everySeconds = everySeconds;
    this.#work = work;
    this.#timing = timing;
  }

  get everySeconds(): number {
    return this.#everySeconds;
  }

  /** Sets the interval, counted from the end of the last run. */
  set everySeconds(seconds: number) {
    this.#everySeconds = seconds;
    this.#wake.abort();
  }

  /** Asks for a run that begins after now; resolves when it has ended, or the job was stopped. */
  ask(): Promise<void> {
    if (this.#asked === null) {
      let done = (): void => undefined;
      const promise = new Promise<void>((resolve) => {
        done = resolve;
      });
      this.#asked = { promise, done };
      this.#wake.abort();
    }
    return this.#asked.promise;
  }

  /** Runs until it is stopped, and may be run again after; the first time after the interval, unless it is asked for. */
  async loop(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake.abort());
    while (!signal.aborted) {
      await this.#untilDue(signal);
      if (signal.aborted) break;
      const asked = this.#asked;
      this.#asked = null;
      try {
        this.#failures = (await this.#work()) ? 0 : this.#failures + 1;
      } finally {
        asked?.done();
      }
    }
    this.#asked?.done();
    this.#asked = null;
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    const since = this.#timing.now();
    while (this.#asked === null && !signal.aborted) {
      const waited = (this.#timing.now() - since) / MICROS_PER_MILLI;
      const left = this.#pauseSeconds() * MILLIS_PER_SECOND - waited;
      if (left <= 0) return;
      this.#wake = new AbortController();
      await this.#timing.wait(left, this.#wake.signal);
    }
  }

  #pauseSeconds(): number {
    if (this.#failures === 0) return this.#everySeconds;
    return Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), this.#everySeconds);
  }
}
