import type { Timing } from '../../../src/reconcile/timing.ts';

const MILLI = 1_000;
/** Waits as short as these only let others run. */
const MOMENT = 10;

/** Time that passes when a test says so. */
export class FakeTiming implements Timing {
  #now = Date.now() * MILLI;
  readonly #waiting = new Set<{ readonly until: number; readonly go: () => void }>();

  now(): number {
    return this.#now;
  }

  async wait(millis: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (millis <= MOMENT) return new Promise((go) => setTimeout(go, 1));
    await new Promise<void>((go) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        this.#waiting.delete(one);
        go();
      };
      const one = { until: this.#now + millis * MILLI, go: end };
      this.#waiting.add(one);
      signal.addEventListener('abort', end);
    });
  }

  load(): number {
    return 0;
  }

  /** Lets time pass, waking all that waits in its order. */
  async pass(seconds: number): Promise<void> {
    await turns();
    const end = this.#now + seconds * 1_000 * MILLI;
    for (;;) {
      const [next] = [...this.#waiting].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.until);
      next.go();
      await turns();
    }
    this.#now = end;
    await turns();
  }
}

/** Lets everything run that can without waiting. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
}
