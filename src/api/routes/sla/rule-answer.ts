import { Type } from 'typebox';
import { STATES } from '../../../../streams/sla/state.ts';
import { cannotPlan } from '../../../sla/cannot-plan.ts';
import type { BookedRule } from '../../../sla/rule-book.ts';
import type { RuleText } from '../../../sla/rule-schema.ts';
import { unknownNames } from '../../../sla/unknown-names.ts';
import type { SlaContext } from './context.ts';

const numberOrNull = (description: string) => Type.Unsafe<number | null>({ type: ['number', 'null'], description });

const OBJECTIVE = Type.Unsafe<object | null>({
  ...Type.Object({
    reached: numberOrNull('Share of the measured time that was free of violation; null when nothing was measured.'),
    budget_left: numberOrNull('Share of the allowed violation that is left; negative when more was used.'),
    burn_rates: Type.Record(Type.String(), numberOrNull('')),
  }),
  ...{ type: ['object', 'null'], description: 'How its objective stands; null without one.' },
});

/** A rule as answers show it: as it was written, with defaults, and how it stands. */
export const RULE_ANSWER = Type.Object({
  name: Type.String(),
  rule: Type.Unsafe<RuleText>({ type: 'object', description: 'As it was written, with defaults.' }),
  origin: Type.String({ description: 'A file, the configuration, or API.' }),
  changeable: Type.Boolean({ description: 'Whether it can be changed here.' }),
  series: Type.Record(Type.String(), Type.Integer(), { description: 'How many series are in each state.' }),
  incidents_open: Type.Integer(),
  held_back_by: Type.Unsafe<string | null>({
    ...{ type: ['string', 'null'], description: 'Why no audit would be asked for now; null when one would.' },
  }),
  notes: Type.Array(Type.String(), { description: 'What an operator should look at.' }),
  objective: OBJECTIVE,
});

export function showRule({ rule, text, origin, changeable }: BookedRule, { engine, model }: SlaContext) {
  const time = engine.lastStep ?? 0;
  const states = [...engine.evaluator.rules()].find((one) => one.rule === rule);
  const standing = engine.objectives.standing(rule.name, time);
  let open = 0;
  for (const incident of engine.incidents.open()) if (incident.rule === rule.name) open += 1;
  return {
    ...{ name: rule.name, rule: text, origin, changeable },
    series: Object.fromEntries(STATES.map((state, i) => [state, states?.counts[i] ?? 0])),
    incidents_open: open,
    held_back_by: engine.requests.heldBack(rule, time)?.text ?? null,
    notes: [...unknownNames(rule.where, model), ...cannotPlan(rule)],
    objective:
      standing === null
        ? null
        : { reached: standing.reached, budget_left: standing.budgetLeft, burn_rates: { ...standing.burnRates } },
  };
}
