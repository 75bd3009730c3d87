import type { Action } from '../audits/action.ts';
import type { ActionPlan } from '../audits/action-plan.ts';
import { APPLIER } from '../audits/record.ts';
import { type ActionState, ENDED_ACTIONS, type PlanState } from '../audits/states.ts';
import type { EngineConfig } from '../config/schema/engine.ts';

/** What is to be done with the actions of a plan now. */
export interface Next {
  /** Waited for nothing any more, the heaviest first. */
  readonly begin: readonly Action[];
  /** Under way by the records. */
  readonly resume: readonly Action[];
  readonly cancel: readonly { readonly action: Action; readonly reason: string }[];
}

/** Of an action that another depends on: it did what it was for, or there was nothing to do. */
const WELL: readonly ActionState[] = ['SUCCEEDED', 'SKIPPED'];
const UNDER_WAY: readonly ActionState[] = ['ONGOING', 'CANCELLING'];

/** What may begin, given how far a plan's actions are. With the rule `always` it does not matter how a parent ended. */
export function nextActions(actions: readonly Action[], rule: EngineConfig['execution_rule']): Next {
  const byUuid = new Map(actions.map((action) => [action.uuid, action]));
  const begin: Action[] = [];
  const cancel: { action: Action; reason: string }[] = [];
  for (const action of actions) {
    if (action.state !== 'PENDING') continue;
    const parents = action.parents.map((uuid) => byUuid.get(uuid)).filter((parent) => parent !== undefined);
    const bad = parents.find(({ state }) => ENDED_ACTIONS.includes(state) && !WELL.includes(state));
    if (bad !== undefined && rule !== 'always') {
      const why = `It depends on action ${bad.uuid} (${bad.actionType}), which ended as ${bad.state}.`;
      cancel.push({ action, reason: why });
    } else if (parents.every(({ state }) => ENDED_ACTIONS.includes(state))) begin.push(action);
  }
  begin.sort((a, b) => b.weight - a.weight || a.id - b.id);
  return { begin, resume: actions.filter(({ state }) => UNDER_WAY.includes(state)), cancel };
}

/** Why Vigil itself cancels a plan; null when it does not, or somebody else had it cancelled. */
export function whyGivenUp({ history }: ActionPlan): string | null {
  const last = history.findLast(({ to }) => to === 'CANCELLING');
  return last?.by.kind === APPLIER.kind ? last.reason : null;
}

/** How a plan has ended whose actions all have. */
export function endOf(
  plan: ActionPlan,
  actions: readonly Action[],
): { readonly state: PlanState; readonly message: string | null } {
  const failed = actions.filter(({ state }) => state === 'FAILED');
  const cancelled = actions.filter(({ state }) => state === 'CANCELLED');
  if (plan.state === 'CANCELLING' && cancelled.length > 0) {
    const counted = `${cancelled.length} of ${actions.length} actions were cancelled.`;
    return { state: 'CANCELLED', message: whyGivenUp(plan) ?? counted };
  }
  const [first] = failed;
  if (first !== undefined) {
    const others = cancelled.length === 0 ? '' : `, ${cancelled.length} that depend on these were cancelled`;
    const message = `${failed.length} of ${actions.length} actions failed${others}: ${first.actionType} ${first.uuid}: ${first.statusMessage ?? ''}`;
    return { state: 'FAILED', message };
  }
  const skipped = actions.some(({ state }) => state === 'SKIPPED');
  const messages = [skipped ? 'One or more actions were skipped.' : null, plan.note].filter((text) => text !== null);
  return { state: 'SUCCEEDED', message: messages.length === 0 ? null : messages.join(' ') };
}
