import type { LiveModel } from '../../model/live-model.ts';
import type { ObjectiveStanding } from '../../streams/sla/objective.ts';
import type { ScopeKind } from '../../streams/sla/rule.ts';
import type { SeriesState } from '../../streams/sla/state.ts';
import { STATES } from '../../streams/sla/state.ts';
import type { Knowing, Matter } from '../inquiry.ts';
import type { SlaEngine } from './engine.ts';
import type { ScopeStanding } from './objectives.ts';
import type { LedgerCopy } from './records.ts';
import type { RuleBook } from './rule-book.ts';
import { type Finding, why } from './why.ts';

/** How a rule stands: how many series are in each state, and its objective (null as well where one project is asked about). */
export type RuleStanding = {
  readonly series: { readonly [state: string]: number };
  readonly objective: ObjectiveStanding | null;
};

/** One series as a rule sees it. Times in seconds since 1970. */
export type ShownSeries = {
  readonly resource: string;
  readonly state: SeriesState;
  readonly since: number | null;
  readonly value: number | null;
};

/** What can be asked of the rules as they are evaluated, and what is answered; all of it is JSON. */
export interface SlaQuestions {
  readonly standings: { readonly asked: StandingsQuery; readonly answer: Standings };
  readonly series: { readonly asked: SeriesQuery; readonly answer: SeriesPage };
  readonly objectives: { readonly asked: ScopesQuery; readonly answer: ScopesPage };
  readonly why: { readonly asked: { readonly rule: string; readonly resource: string }; readonly answer: Reasons };
}

export type Standings = { readonly [rule: string]: RuleStanding };

export type StandingsQuery = {
  readonly rules: readonly string[];
  /** Only instances of this project; null for all. */
  readonly project: string | null;
};

export type SeriesQuery = {
  readonly rule: string;
  readonly resource: string | null;
  readonly state: SeriesState | null;
  /** Only instances of this project; null for all. */
  readonly project: string | null;
  readonly after: string;
  readonly limit: number;
};

export type ScopesQuery = {
  readonly rule: string;
  readonly per: ScopeKind | null;
  readonly scope: string | null;
  /** Only instances of this project; null for all. */
  readonly project: string | null;
  readonly limit: number;
};

export type ScopesPage = { readonly scopes: readonly ScopeStanding[]; readonly count: number };

export type SeriesPage = { readonly series: readonly ShownSeries[]; readonly more: boolean };
export type Reasons = { readonly state: SeriesState; readonly because: readonly Finding[] };

/** Asked between processes; how rules stand only the engine that evaluates them knows. */
export const SLA_MATTER: Matter = { kind: 'sla_question', nobody: 'no-engine' };

/** What is answered from. */
export interface Evaluated {
  readonly engine: SlaEngine;
  readonly book: RuleBook;
  readonly records: LedgerCopy;
  readonly model: LiveModel;
}

/** After all that were measured: no more can be left than all. */
const UNMEASURED = 2;

const ANSWERS: {
  readonly [Q in keyof SlaQuestions]: (asked: SlaQuestions[Q]['asked'], of: Evaluated) => SlaQuestions[Q]['answer'];
} = {
  standings: ({ rules, project }, { engine, model }) => {
    const wanted = new Set(rules);
    const standings: Record<string, RuleStanding> = {};
    for (const { rule, counts } of engine.evaluator.rules()) {
      const { name } = rule;
      if (!wanted.has(name)) continue;
      standings[name] =
        project === null
          ? {
              series: byState((_, i) => counts[i] ?? 0),
              objective: engine.objectives.standing(name, engine.lastStep ?? 0),
            }
          : { series: countedIn(project, engine.evaluator.series(name), model), objective: null };
    }
    return standings;
  },

  series: ({ rule: name, resource: only, state, project, after, limit }, { engine, book, model }) => {
    const { rule } = book.get(name);
    const found = [...engine.evaluator.series(name)]
      .filter(({ resource }) => only === null || resource === only)
      .filter((one) => one.resource > after && (state === null || one.state === state))
      .filter(({ resource }) => project === null || model.instance(resource)?.identity?.project_id === project)
      .sort((a, b) => (a.resource < b.resource ? -1 : 1));
    const series = found.slice(0, limit).map(({ resource, state: of, since }) => {
      const value = engine.lastStep === null ? null : engine.evaluator.measure(rule, resource, engine.lastStep);
      return { resource, state: of, since, value };
    });
    return { series, more: found.length > limit };
  },

  objectives: ({ rule, per, scope, project, limit }, { engine, model }) => {
    const isOf = (it: ScopeStanding): boolean =>
      project === null || (it.per === 'resource' && model.instance(it.scope)?.identity?.project_id === project);
    const found = [...engine.objectives.scopes(rule, engine.lastStep ?? 0)]
      .filter((it) => (per === null || it.per === per) && (scope === null || it.scope === scope) && isOf(it))
      .sort((a, b) => (a.budgetLeft ?? UNMEASURED) - (b.budgetLeft ?? UNMEASURED) || (a.scope < b.scope ? -1 : 1));
    return { scopes: found.slice(0, limit), count: found.length };
  },

  why: ({ rule, resource }, { engine, book, records, model }) => ({
    state: engine.evaluator.inspect(rule, resource)?.state ?? 'unknown',
    because: why(book.get(rule).rule, resource, engine, records, model),
  }),
};

function byState(count: (state: SeriesState, index: number) => number): RuleStanding['series'] {
  return Object.fromEntries(STATES.map((state, i) => [state, count(state, i)]));
}

/** How many series of a project's instances are in each state. */
function countedIn(project: string, series: Iterable<Pick<ShownSeries, 'resource' | 'state'>>, model: LiveModel) {
  const states = [...series]
    .filter(({ resource }) => model.instance(resource)?.identity?.project_id === project)
    .map(({ state }) => state);
  return byState((wanted) => states.filter((state) => state === wanted).length);
}

/** Answers from the engine of this process. */
export function knowingBy(evaluated: Evaluated): Knowing<SlaQuestions> {
  return { ask: async (question, asked) => ANSWERS[question](asked, evaluated) };
}
