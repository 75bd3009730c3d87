import type { Fork } from '../../model/fork.ts';
import { ACTIONS } from '../catalogue/actions.ts';
import type { Rejected } from '../rejected.ts';
import type { ProposedAction } from '../strategy.ts';
import { apply } from './effect.ts';
import { merge } from './merge.ts';
import type { Plan, PlannedAction } from './plan.ts';
import { Stage } from './stage.ts';

/**
 * Puts proposed actions into an order with dependencies. Actions that may run at once and were proposed one after the other
 * form a stage; all others are carried out alone, after everything before them. No order that the dependencies allow breaks
 * a rule of the cloud at any step; what would is rejected. Nothing is done to the view.
 */
export function planActions(view: Fork, proposed: readonly ProposedAction[]): Plan {
  const actions: PlannedAction[] = [];
  const rejected: Rejected[] = [];
  const now = view.fork();
  let ends: readonly number[] = [];
  for (const together of stages(merge(proposed))) {
    const stage = new Stage(now);
    rejected.push(...stage.place(together));
    if (stage.placed.length === 0) continue;
    const first = actions.length;
    for (const { action, parents } of stage.placed)
      actions.push({ ...action, parents: parents.length === 0 ? ends : parents.map((i) => first + i) });
    ends = endsOf(actions, first);
    for (const { action } of stage.placed) apply(now, action);
  }
  return { actions, rejected };
}

/** Makes a what-if of what it will be once a plan is carried out. */
export function applyPlan(view: Fork, { actions }: Plan): void {
  for (const action of actions) apply(view, action);
}

function stages(proposed: readonly ProposedAction[]): ProposedAction[][] {
  const all: ProposedAction[][] = [];
  let open = false;
  for (const action of proposed) {
    const { parallel } = ACTIONS[action.type];
    const last = all.at(-1);
    if (parallel && open && last !== undefined) last.push(action);
    else all.push([action]);
    open = parallel;
  }
  return all;
}

/** Those from a place on for which no other waits. */
function endsOf(actions: readonly PlannedAction[], first: number): number[] {
  const waitedFor = new Set(actions.slice(first).flatMap(({ parents }) => parents));
  return actions.flatMap((_, i) => (i >= first && !waitedFor.has(i) ? [i] : []));
}
