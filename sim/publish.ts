import type { Emission } from './wire/envelope.ts';

/** Where a simulated cloud's notifications go. What is handed over is kept until the broker has confirmed it. */
export interface Publisher {
  publish(emission: Emission): void;
  /** Handed over and not yet confirmed; the cloud pauses while there are many. */
  readonly waiting: number;
  /** Resolves when nothing is waiting. */
  flushed(): Promise<void>;
  /** Ends the connection; what is waiting is given up. */
  close(): Promise<void>;
}

/** Those who wait until an outbox is empty. */
export class Waiters {
  readonly #resolvers: (() => void)[] = [];

  until(done: boolean): Promise<void> {
    if (done) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolvers.push(resolve);
    });
  }

  wake(): void {
    for (const resolve of this.#resolvers.splice(0)) resolve();
  }
}
