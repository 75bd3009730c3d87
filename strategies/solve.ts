import { ACTION_TYPES, type ActionType } from './action.ts';
import { ACTIONS } from './catalogue/actions.ts';
import type { JsonSchema } from './json-schema.ts';
import type { PlannedAction } from './planner/plan.ts';
import { planActions } from './planner/planner.ts';
import type { Rejected } from './rejected.ts';
import type { Indicator, ProposedAction, Strategy, StrategyInput } from './strategy.ts';
import { StrategyError } from './strategy-error.ts';

/** What an audit comes to: the strategy's solution, with its actions in an order in which they can be carried out. */
export interface Solved {
  readonly actions: readonly PlannedAction[];
  readonly indicators: readonly Indicator[];
  readonly globalEfficacy: readonly Indicator[];
  readonly rejected: readonly Rejected[];
}

/** What is wrong with a value by a schema, in words; null when it fits. */
export type SchemaCheck = (schema: JsonSchema, value: unknown) => string | null;

/**
 * Runs a strategy and plans what it proposes. The view stays as it is. Every action is checked by the schema of its type.
 * @throws StrategyError when no solution can be found for a reason that people can mend
 */
export function solve(strategy: Strategy, input: StrategyInput, check: SchemaCheck): Solved {
  if (strategy.plan === null) throw new StrategyError('no-logic', { strategy: strategy.name });
  const solution = strategy.plan({ ...input, view: input.view.fork() });
  for (const [i, action] of solution.actions.entries()) checkAction(i + 1, action, check);
  const { actions, rejected } = planActions(input.view, solution.actions);
  return { ...solution, actions, rejected: [...solution.rejected, ...rejected] };
}

function checkAction(number: number, { type, input }: ProposedAction, check: SchemaCheck): void {
  if (!isActionType(type)) throw new StrategyError('action-unknown', { type, known: ACTION_TYPES.join(', ') });
  const problem = check(ACTIONS[type].input, input);
  if (problem !== null) throw new StrategyError('action-invalid', { number, type, problem });
}

function isActionType(type: string): type is ActionType {
  return Object.hasOwn(ACTIONS, type);
}
