import type { Actor } from './record.ts';

/** The kind and the id under which the ledger keeps whether automatic action is paused. */
export const AUTOMATION = 'automation';

/** The switch by which people stop all automatic action at once. It holds until somebody resumes it, over restarts too. */
export type Automation = {
  readonly paused: boolean;
  readonly reason: string | null;
  readonly by: Actor | null;
  /** When it was switched last, in milliseconds since 1970; null when it never was. */
  readonly at: number | null;
};

export const RUNNING: Automation = { paused: false, reason: null, by: null, at: null };
