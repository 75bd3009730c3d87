/** How an action ended, with what people should know of it. */
export interface Outcome {
  readonly state: 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'CANCELLED';
  readonly message: string | null;
}

export const SUCCEEDED: Outcome = { state: 'SUCCEEDED', message: null };

/** The phases of an action's life, as messages name them. */
export type Phase = 'pre_condition' | 'execute' | 'post_condition';

export function failed(phase: Phase, reason: string): Outcome {
  return { state: 'FAILED', message: `Action failed in ${phase}: ${reason}` };
}

export function skipped(reason: string): Outcome {
  return { state: 'SKIPPED', message: `Action skipped: ${reason}` };
}

/** This process stops, or another acts in its place: nothing may be done or written any more. */
export class LeaseLost extends Error {
  constructor() {
    super('this process does not carry out plans any more');
    this.name = 'LeaseLost';
  }
}
