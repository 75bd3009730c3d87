import { setTimeout as sleep } from 'node:timers/promises';
import { microsNow } from '../clock.ts';

/** Time as the reconciler sees it; injected, so that tests have their own. */
export interface Timing {
  /** Microseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  wait(millis: number, signal: AbortSignal): Promise<void>;
}

/** A Node timer holds at most this. */
const LONGEST_WAIT = 2_147_483_647;

export const REAL_TIMING: Timing = {
  now: microsNow,
  async wait(millis, signal) {
    try {
      await sleep(Math.min(millis, LONGEST_WAIT), undefined, { signal });
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  },
};
