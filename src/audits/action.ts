import type { ActionType } from '../../strategies/action.ts';
import type { Parameters } from './audit.ts';
import type { Stored, Transition } from './record.ts';
import type { ActionState } from './states.ts';

/** One step of a plan. Its number within the kind gives the order in which steps are shown. */
export type Action = Stored & {
  readonly planUuid: string;
  /** Also once the audit is deleted; {@link Book.auditOf} looks whether it is. */
  readonly auditUuid: string;
  readonly actionType: ActionType;
  readonly inputParameters: Parameters;
  readonly state: ActionState;
  readonly statusMessage: string | null;
  /** Uuids of the actions that must have ended before. */
  readonly parents: readonly string[];
  /** Of actions that need not wait for each other the heavier one comes first. */
  readonly weight: number;
  /** Why it was proposed, in a sentence. */
  readonly reason: string;
  /** What was about to be asked of nova; written before each call, so that after a crash it is known what to look for. */
  readonly intent: Intent | null;
  readonly history: readonly Transition<ActionState>[];
};

/** A call to nova that was about to be made. */
export type Intent = {
  /** What is called, as `live-migrate`, `confirm-resize`, `stop`. */
  readonly call: string;
  readonly at: number;
  /** Of the lease under which it was decided. */
  readonly token: number;
  /** What was known before, by which the call's outcome can be told: the newest migration's id, for one. */
  readonly before: Parameters;
};
