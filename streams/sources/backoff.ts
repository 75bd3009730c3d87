import { defer, type MonoTypeOperatorFunction, retry, timer } from 'rxjs';

/** Delays between attempts, in milliseconds. */
export interface BackoffLimits {
  readonly first: number;
  readonly most: number;
}

export const RECONNECT: BackoffLimits = { first: 500, most: 15_000 };

/**
 * The delay before attempt `failures` + 1, in milliseconds: doubling up to the most, then a random half of it taken off,
 * so that many clients of one broker do not come back in step.
 */
export function backoff(failures: number, limits: BackoffLimits, random: () => number = Math.random): number {
  const full = Math.min(limits.most, limits.first * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.5 + random() / 2));
}

/** How many attempts have failed since the last one that held. */
export class Attempts {
  #failures = 0;

  failed(): number {
    return ++this.#failures;
  }

  held(): void {
    this.#failures = 0;
  }
}

/** Subscribes again after every error, later each time until an attempt held; `onError` is told of the error first. */
export function reconnecting<T>(
  attempts: Attempts,
  onError: (error: unknown) => void,
  limits: BackoffLimits = RECONNECT,
): MonoTypeOperatorFunction<T> {
  return retry({
    delay: (error) =>
      defer(() => {
        onError(error);
        return timer(backoff(attempts.failed(), limits));
      }),
  });
}
