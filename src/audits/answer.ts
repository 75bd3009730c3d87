import { Ajv } from 'ajv';
import type { Fork } from '../../model/fork.ts';
import type { LiveModel } from '../../model/live-model.ts';
import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import type { View } from '../../model/view.ts';
import type { JsonSchema } from '../../strategies/json-schema.ts';
import { type Solved, solve } from '../../strategies/solve.ts';
import type { History } from '../../strategies/strategy.ts';
import type { Audit, ScopeSpec } from './audit.ts';
import { strategyFor, strategyNamed } from './catalogue.ts';
import { ofStrategy, withDefaults } from './parameters.ts';
import { otherThanCompute } from './scope/check.ts';
import { compileScope } from './scope/compile.ts';

/** What a run of an audit came to, before it is kept. */
export interface Answer {
  readonly strategy: string;
  readonly modelRevision: string;
  readonly solved: Solved;
  /** What people should know of it as long as it is kept; null when there is nothing. */
  readonly note: string | null;
  /** What was to be done and is not, in a sentence; null when nothing is left undone. */
  readonly undone: string | null;
}

/** What an audit asks. */
export type Question = Pick<Audit, 'goal' | 'strategy' | 'parameters' | 'scope' | 'trigger'>;

/**
 * Runs an audit's strategy on the model as it is, or on a what-if of it that stays as it is; throws what cannot be solved.
 * Synchronous, so of one state.
 */
export type AnswerFinder = (question: Question, view?: Fork) => Answer;

/** What is known beside the model. */
export interface Evidence {
  readonly metrics: () => MetricsView;
  readonly history: History;
}

export interface AnswerParts extends Evidence {
  readonly model: LiveModel;
  readonly now: () => number;
  readonly movesPerPlan: number;
  /** Whether a host is emptied of what the scope excludes too, as Watcher does. */
  readonly emptiesOfExcluded: boolean;
  readonly distrust: () => readonly string[];
}

const CHECKS = new Ajv({ allErrors: true, strict: false, logger: false });

export function answerFinder(parts: AnswerParts): AnswerFinder {
  const { model, history } = parts;
  return (audit, view = model.fork()) => {
    const strategy = audit.strategy === null ? strategyFor(audit.goal) : strategyNamed(audit.strategy);
    const parameters = ofStrategy(withDefaults(strategy, audit.parameters));
    const scope = compileScope(audit.scope, view);
    const emptiesAll = parts.emptiesOfExcluded && strategy.goal === 'cluster_maintaining';
    const input = {
      view,
      metrics: parts.metrics(),
      history,
      parameters,
      scope: emptiesAll ? { ...scope, hasInstance: () => true } : scope,
      now: parts.now(),
      trigger: audit.trigger,
    };
    const solved = limited(solve(strategy, input, problemOf), parts.movesPerPlan);
    const doubts = parts.distrust();
    const made = doubts.length === 0 ? null : `Made although ${doubts.join('; ')}.`;
    const undone = strategy.exhaustive === true ? undoneIn(solved, view) : null;
    const notes = [undone, unboundBy(audit.scope), made].filter((text) => text !== null);
    const note = notes.length === 0 ? null : notes.join(' ');
    return { strategy: strategy.name, modelRevision: model.revision, solved, note, undone };
  };
}

/** What to know of a scope that is for audits of other things than hosts and instances; null for any other. */
function unboundBy(scope: ScopeSpec): string | null {
  const others = otherThanCompute(scope);
  if (others === null) return null;
  return `Its scope is of ${others.join(' and ')} only: it leaves out no host and no instance (compute).`;
}

/** The first of what was rejected by name and reason, and how much there is of it. */
function undoneIn({ rejected }: Solved, view: View): string | null {
  const [first, ...others] = rejected;
  if (first === undefined) return null;
  const name = view.instance(first.candidate)?.identity?.name;
  const what = name == null ? first.candidate : `${name} (${first.candidate})`;
  const more = others.length === 0 ? '' : ` ${others.length} more: see what the plan rejected.`;
  return `Left undone, ${rejected.length} in all: ${what}: ${first.text}${more}`;
}

/** Leaves out moves beyond so many, and whatever was to follow one of these. */
function limited(solved: Solved, most: number): Solved {
  const kept = new Map<number, number>();
  const actions: Solved['actions'][number][] = [];
  const rejected = [...solved.rejected];
  let moves = 0;
  solved.actions.forEach((action, i) => {
    const isMove = action.type === 'migrate';
    if ((isMove && moves >= most) || !action.parents.every((parent) => kept.has(parent))) {
      const text = `A plan has at most ${most} moves (limits.moves_per_plan).`;
      rejected.push({ candidate: String(action.input.resource_id ?? action.type), code: 'plan-full', text });
      return;
    }
    if (isMove) moves += 1;
    kept.set(i, actions.length);
    actions.push({ ...action, parents: action.parents.map((parent) => kept.get(parent) ?? 0) });
  });
  return { ...solved, actions, rejected };
}

function problemOf(schema: JsonSchema, value: unknown): string | null {
  return CHECKS.validate(schema, value) ? null : CHECKS.errorsText(CHECKS.errors, { dataVar: 'input' });
}
