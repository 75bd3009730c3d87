import { Type } from 'typebox';
import type { ObjectiveStanding } from '../../../../streams/sla/objective.ts';
import { VigilError } from '../../../errors.ts';
import { cannotPlan } from '../../../sla/cannot-plan.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../../../sla/incident-record.ts';
import type { Standings } from '../../../sla/questions.ts';
import type { BookedRule } from '../../../sla/rule-book.ts';
import type { RuleText } from '../../../sla/rule-schema.ts';
import { unknownNames } from '../../../sla/unknown-names.ts';
import type { SlaContext } from './context.ts';

const numberOrNull = (description: string) => Type.Unsafe<number | null>({ type: ['number', 'null'], description });

/** How an objective stands, of a rule or of one scope. */
export const STANDING = {
  reached: numberOrNull('Share of the measured time that was free of violation; null when nothing was measured.'),
  budget_left: numberOrNull('Share of the allowed violation that is left; negative when more was used.'),
  burn_rates: Type.Record(Type.String(), numberOrNull('')),
};

const OBJECTIVE = Type.Unsafe<object | null>({
  ...Type.Object(STANDING),
  ...{ type: ['object', 'null'], description: 'How its objective stands; null without one.' },
});

/** A rule as answers show it: as it was written, with defaults, and how it stands. */
export const RULE_ANSWER = Type.Object({
  name: Type.String(),
  rule: Type.Unsafe<RuleText>({ type: 'object', description: 'As it was written, with defaults.' }),
  origin: Type.String({ description: 'A file, the configuration, or API.' }),
  changeable: Type.Boolean({ description: 'Whether it can be changed here.' }),
  series: Type.Unsafe<{ readonly [state: string]: number } | null>({
    ...Type.Record(Type.String(), Type.Integer()),
    ...{ type: ['object', 'null'], description: 'How many series are in each state; null while that is not known.' },
  }),
  incidents_open: Type.Integer(),
  held_back_by: Type.Unsafe<string | null>({
    ...{ type: ['string', 'null'], description: 'Why no audit would be asked for now; null when one would.' },
  }),
  notes: Type.Array(Type.String(), { description: 'What an operator should look at.' }),
  objective: OBJECTIVE,
});

/** Rules as answers show them. How they stand is left out where no process that evaluates them answers. */
export async function showRules(rules: readonly BookedRule[], context: SlaContext) {
  const names = rules.map(({ rule }) => rule.name);
  const standings = await context.knowing.ask('standings', { rules: names }).catch(nobodyKnows);
  return rules.map((booked) => showRule(booked, standings, context));
}

function nobodyKnows(error: unknown): null {
  if (error instanceof VigilError && error.code === 'no-engine') return null;
  throw error;
}

function showRule({ rule, text, origin, changeable }: BookedRule, standings: Standings | null, context: SlaContext) {
  const { records, requests, model, now } = context;
  const standing = standings?.[rule.name] ?? null;
  let open = 0;
  for (const [, { rule: of, endedAt }] of records.values<IncidentRecord>(SLA_INCIDENT)) {
    if (of === rule.name && endedAt === null) open += 1;
  }
  return {
    ...{ name: rule.name, rule: text, origin, changeable },
    series: standing?.series ?? null,
    incidents_open: open,
    held_back_by: requests.heldBack(rule, now())?.text ?? null,
    notes: [...unknownNames(rule.where, model), ...cannotPlan(rule), ...(standing === null ? [UNKNOWN_STANDING] : [])],
    objective: standing?.objective == null ? null : showObjective(standing.objective),
  };
}

const UNKNOWN_STANDING = 'how it stands is not known here yet: no process with the role engine evaluates it';

export function showObjective({ reached, budgetLeft, burnRates }: ObjectiveStanding) {
  const rates = Object.entries(burnRates).map(([window, rate]) => [window, rounded(rate)]);
  return { reached: rounded(reached), budget_left: rounded(budgetLeft), burn_rates: Object.fromEntries(rates) };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(DECIMALS));
}

const DECIMALS = 6;
