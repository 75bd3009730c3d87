import type { Rejected } from '../rejected.ts';
import type { ProposedAction } from '../strategy.ts';

/** Actions in an order in which they can be carried out, each with those it waits for. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  /** What was proposed and cannot be carried out at any place in the order. */
  readonly rejected: readonly Rejected[];
}

export interface PlannedAction extends ProposedAction {
  /** Places in the plan of the actions that must have ended well before this one begins; all are before it. */
  readonly parents: readonly number[];
}
