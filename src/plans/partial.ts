import { SEVERITIES } from '../../streams/sla/rule.ts';
import type { Action } from '../audits/action.ts';
import type { ActionPlan } from '../audits/action-plan.ts';
import type { AutomationConfig } from '../config/schema/engine.ts';

/** Why somebody has to look at a plan of an audit with automation `partial` before it is carried out; null when nobody has. */
export function whyAsk(
  { trigger }: ActionPlan,
  actions: readonly Action[],
  { partial_moves: most, partial_severity: gravest }: AutomationConfig,
): string | null {
  const moves = actions.filter(({ actionType }) => actionType === 'migrate').length;
  if (moves > most)
    return `Waits for somebody to start it: ${moves} moves, more than ${most} (automation.partial_moves).`;
  if (trigger === null || SEVERITIES.indexOf(trigger.severity) <= SEVERITIES.indexOf(gravest)) return null;
  return `Waits for somebody to start it: the breach is ${trigger.severity} (automation.partial_severity ${gravest}).`;
}
