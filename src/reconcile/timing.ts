import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { microsNow } from '../clock.ts';

/** Time as the reconciler sees it; injected, so that tests have their own. */
export interface Timing {
  /** Microseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  wait(millis: number, signal: AbortSignal): Promise<void>;
  /** The share of the time since it was last asked in which this process's thread worked, in [0, 1]. */
  load(): number;
}

/** A Node timer holds at most this. */
const LONGEST_WAIT = 2_147_483_647;

let measured = performance.eventLoopUtilization();

export const REAL_TIMING: Timing = {
  now: microsNow,
  async wait(millis, signal) {
    try {
      await sleep(Math.min(millis, LONGEST_WAIT), undefined, { signal });
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  },
  load() {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, measured);
    measured = now;
    return utilization;
  },
};
