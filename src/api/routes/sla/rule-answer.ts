import { Type } from 'typebox';
import type { ObjectiveStanding } from '../../../../streams/sla/objective.ts';
import type { Rule } from '../../../../streams/sla/rule.ts';
import { VigilError } from '../../../errors.ts';
import { cannotPlan } from '../../../sla/cannot-plan.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../../../sla/incident-record.ts';
import type { RuleStanding } from '../../../sla/questions.ts';
import type { LedgerCopy } from '../../../sla/records.ts';
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
  ...{
    type: ['object', 'null'],
    description: 'How its objective stands; null without one, and for members of a project.',
  },
});

/** A rule as answers show it: as it was written, with defaults, and how it stands. */
export const RULE_ANSWER = Type.Object({
  name: Type.String(),
  rule: Type.Unsafe<Partial<RuleText>>({
    type: 'object',
    description: 'As it was written, with defaults; to members of a project without where and audit.',
  }),
  origin: Type.Unsafe<string | null>({
    ...{ type: ['string', 'null'], description: 'A file, the configuration, or API; null for members of a project.' },
  }),
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

/**
 * Rules as answers show them, to members of a project (null: to whoever may see all) those that can be about its instances,
 * and only of these. How they stand is left out where no process that evaluates them answers.
 */
export async function showRules(rules: readonly BookedRule[], project: string | null, context: SlaContext) {
  const shown = rules.filter(({ rule }) => project === null || canBeAbout(rule, project));
  const names = shown.map(({ rule }) => rule.name);
  const standings = await context.knowing.ask('standings', { rules: names, project }).catch(nobodyKnows);
  return shown.map((booked) => {
    const standing = standings?.[booked.rule.name] ?? null;
    return project === null ? showRule(booked, standing, context) : showToMember(booked, standing, project, context);
  });
}

function canBeAbout({ of, where }: Rule, project: string): boolean {
  return of === 'instance' && (where.project?.includes(project) ?? true);
}

function nobodyKnows(error: unknown): null {
  if (error instanceof VigilError && error.code === 'no-engine') return null;
  throw error;
}

function showRule(
  { rule, text, origin, changeable }: BookedRule,
  standing: RuleStanding | null,
  { records, requests, model, now }: SlaContext,
) {
  return {
    ...{ name: rule.name, rule: text, origin, changeable },
    series: standing?.series ?? null,
    incidents_open: openIncidents(records, (it) => it.rule === rule.name),
    held_back_by: requests.heldBack(rule, now())?.text ?? null,
    notes: [...unknownNames(rule.where, model), ...cannotPlan(rule), ...(standing === null ? [UNKNOWN_STANDING] : [])],
    objective: standing?.objective == null ? null : showObjective(standing.objective),
  };
}

/** When it is a breach, and how the project's own instances stand; whom else it names and what is done then is the operators' affair. */
function showToMember(
  { rule, text }: BookedRule,
  standing: RuleStanding | null,
  project: string,
  { records }: SlaContext,
) {
  const { where: _, audit: _audit, ...own } = text;
  return {
    ...{ name: rule.name, rule: own, origin: null, changeable: false },
    series: standing?.series ?? null,
    incidents_open: openIncidents(records, (it) => it.rule === rule.name && it.project === project),
    held_back_by: null,
    notes: standing === null ? [UNKNOWN_STANDING] : [],
    objective: null,
  };
}

function openIncidents(records: LedgerCopy, counts: (incident: IncidentRecord) => boolean): number {
  let open = 0;
  for (const [, incident] of records.values<IncidentRecord>(SLA_INCIDENT)) {
    if (incident.endedAt === null && counts(incident)) open += 1;
  }
  return open;
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
