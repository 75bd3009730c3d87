import { setTimeout as sleep } from 'node:timers/promises';

/** One side of a comparison, in a process of its own: prepared once, then run round by round. */
export interface Side {
  /** Does the work of a round on what `task` names, a file of messages say; resolves with the value. */
  round(task: string): Promise<number>;
  close(): Promise<void>;
}

const MILLIS_PER_SECOND = 1_000;
const LOOK_MS = 20;
/** Used in between two looks by a process that is at rest, at most. */
const REST_MICROS = 2_000;
/** What has other work to do does not come to rest. */
const MOST_LOOKS = 50;

/**
 * Collects all garbage, so that a round does not pay for the one before. The collector's own threads sweep on for a while
 * after that: they are waited for, as they would have one of two processors in the round.
 */
export async function collectGarbage(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('this process was started without --expose-gc');
  globalThis.gc();
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const before = process.cpuUsage();
    await sleep(LOOK_MS);
    const { user, system } = process.cpuUsage(before);
    if (user + system < REST_MICROS) return;
  }
}

/** How often in a second something is done, from so many times. */
export function rateOf(times: number, work: () => void): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) work();
  return (times * MILLIS_PER_SECOND) / (performance.now() - start);
}
