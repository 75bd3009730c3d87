import type { Logger } from 'pino';
import type { SampleStore, Taken } from '../../streams/sla/windows/sample-store.ts';

/** Tells when there is no room for the samples of further series, and when there is again. */
export class Room {
  readonly #samples: SampleStore;
  readonly #log: Logger;
  #full = false;
  #refused = 0;
  #sinceStep = 0;

  constructor(samples: SampleStore, log: Logger) {
    this.#samples = samples;
    this.#log = log;
  }

  /** Whether samples found no room lately. */
  get full(): boolean {
    return this.#full;
  }

  /** Samples that found no room since the start. */
  get refused(): number {
    return this.#refused;
  }

  note(taken: Taken): void {
    if (taken !== 'full') return;
    this.#refused += 1;
    this.#sinceStep += 1;
  }

  /** A step of evaluation was made. */
  step(): void {
    const full = this.#sinceStep > 0;
    const about = { series: this.#samples.seriesCount, bytes: this.#samples.bytes, refused: this.#sinceStep };
    if (full && !this.#full)
      this.#log.warn(about, 'there is no room for further series: those that are new are not evaluated');
    if (!full && this.#full) this.#log.info(about, 'there is room for all series again');
    this.#full = full;
    this.#sinceStep = 0;
  }
}
