import { STRATEGIES } from '../../strategies/catalogue/strategies.ts';
import type { Rule } from '../../streams/sla/rule.ts';

/** Says so when no strategy can answer a rule's audit: it would be asked for in vain. */
export function cannotPlan({ audit }: Rule): string[] {
  if (audit === null) return [];
  const { goal, strategy: name } = audit;
  const fitting = STRATEGIES.filter((one) => (name === null ? one.goal === goal : one.name === name));
  if (fitting.some(({ plan }) => plan !== null)) return [];
  const able = [...new Set(STRATEGIES.filter(({ plan }) => plan !== null).map((one) => one.goal))];
  const asked = name === null ? `no strategy of the goal ${goal}` : `no strategy ${name}`;
  return [`${asked} can plan: its audits will fail (goals that can: ${able.join(', ')})`];
}
