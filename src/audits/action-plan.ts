import type { AutomationLevel } from '../../streams/sla/rule.ts';
import type { BreachTrigger } from './audit.ts';
import type { Actor, Stored, Transition } from './record.ts';
import type { PlanState } from './states.ts';

/** One number by which a plan is judged. */
export type EfficacyIndicator = {
  readonly name: string;
  readonly description: string;
  readonly unit: string | null;
  readonly value: number;
};

/** Something that could have been done and was not, and why. */
export type RejectedCandidate = {
  readonly candidate: string;
  readonly code: string;
  readonly text: string;
};

/** What a run of an audit came to: actions on the cloud, proposed or carried out. */
export type ActionPlan = Stored & {
  /** Also once the audit is deleted; {@link Book.auditOf} looks whether it is. */
  readonly auditUuid: string;
  readonly goal: string;
  readonly strategy: string;
  readonly state: PlanState;
  readonly statusMessage: string | null;
  /** What people should know of it in whatever state: what it leaves undone, what was doubtful when it was made. */
  readonly note: string | null;
  readonly efficacyIndicators: readonly EfficacyIndicator[];
  readonly globalEfficacy: readonly EfficacyIndicator[];
  /** The first of the rejected candidates, {@link MAX_REJECTED} at most; `rejectedCount` counts all. */
  readonly rejected: readonly RejectedCandidate[];
  readonly rejectedCount: number;
  /** The revision of the model it was made from. */
  readonly modelRevision: string;
  readonly automation: AutomationLevel;
  readonly trigger: BreachTrigger | null;
  /** Who or what had it carried out; null until then. */
  readonly startedBy: Actor | null;
  /** The applier that carries it out. */
  readonly hostname: string | null;
  readonly history: readonly Transition<PlanState>[];
};

/** A record must stay small enough to be read and written in one go. */
export const MAX_REJECTED = 200;

/** Whether nobody asked for a plan to be carried out. */
export function isAutomatic({ startedBy }: ActionPlan): boolean {
  return startedBy?.kind !== 'user';
}
