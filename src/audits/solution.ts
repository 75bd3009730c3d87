import { randomUUID } from 'node:crypto';
import { ACTIONS } from '../../strategies/catalogue/actions.ts';
import type { Action } from './action.ts';
import { type ActionPlan, MAX_REJECTED } from './action-plan.ts';
import type { Answer } from './answer.ts';
import type { Audit, Parameters } from './audit.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import { cancelWaiting } from './plan-service.ts';
import { ENGINE, moved, type Transition } from './record.ts';
import type { PlanState } from './states.ts';

/** Puts the plan that a run of an audit came to into a transaction, and cancels the one before that nobody started. */
export function keepSolution(changes: Changes, book: Book, audit: Audit, answer: Answer, at: number): void {
  const because = { reason: 'a later run of the audit made another plan', by: ENGINE, at };
  for (const plan of book.plans.ofAudit(audit.uuid)) {
    if (plan.state !== 'RECOMMENDED' || plan.deletedAt !== null) continue;
    changes.put('action_plan', { ...moved(plan, 'CANCELLED', because), statusMessage: because.reason });
    cancelWaiting(changes, book, plan.uuid, because);
  }
  const { solved, strategy, modelRevision, note } = answer;
  const uuid = randomUUID();
  const empty = solved.actions.length === 0;
  const created: Transition<PlanState> = { from: null, to: 'RECOMMENDED', at, reason: 'planned', by: ENGINE };
  const plan: ActionPlan = {
    id: changes.number('action_plan'),
    uuid,
    auditUuid: audit.uuid,
    goal: audit.goal,
    strategy,
    state: 'RECOMMENDED',
    statusMessage: note,
    note,
    efficacyIndicators: solved.indicators.map((indicator) => ({ ...indicator })),
    globalEfficacy: solved.globalEfficacy.map((indicator) => ({ ...indicator })),
    rejected: solved.rejected.slice(0, MAX_REJECTED).map((candidate) => ({ ...candidate })),
    rejectedCount: solved.rejected.length,
    modelRevision,
    automation: audit.automation,
    trigger: audit.trigger,
    startedBy: null,
    hostname: null,
    history: [created],
    createdAt: at,
    updatedAt: null,
    deletedAt: null,
  };
  changes.put(
    'action_plan',
    empty ? moved(plan, 'SUCCEEDED', { reason: 'there is nothing to be done', by: ENGINE, at }) : plan,
  );
  const uuids = solved.actions.map(() => randomUUID());
  solved.actions.forEach(({ type, input, reason, parents }, i) => {
    const action: Action = {
      id: changes.number('action'),
      uuid: uuids[i] ?? '',
      planUuid: uuid,
      auditUuid: audit.uuid,
      actionType: type,
      inputParameters: input as Parameters,
      state: 'PENDING',
      statusMessage: null,
      parents: parents.map((parent) => uuids[parent] ?? ''),
      weight: ACTIONS[type].weight,
      reason,
      intent: null,
      history: [{ from: null, to: 'PENDING', at, reason: 'planned', by: ENGINE }],
      createdAt: at,
      updatedAt: null,
      deletedAt: null,
    };
    changes.put('action', action);
  });
}
