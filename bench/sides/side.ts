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
