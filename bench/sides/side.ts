/** One side of a comparison, in a process of its own: prepared once, then run round by round. */
export interface Side {
  /** Does the work of a round on what `task` names, a file of messages say; resolves with the value. */
  round(task: string): Promise<number>;
  close(): Promise<void>;
}

/** Collects all garbage, so that a round does not pay for the one before. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('this process was started without --expose-gc');
  globalThis.gc();
}

const MILLIS_PER_SECOND = 1_000;

/** How often in a second something is done, from so many times. */
export function rateOf(times: number, work: () => void): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) work();
  return (times * MILLIS_PER_SECOND) / (performance.now() - start);
}
