import { GOALS } from '../../strategies/catalogue/goals.ts';
import { STRATEGIES } from '../../strategies/catalogue/strategies.ts';
import type { Goal } from '../../strategies/goal.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { VigilError } from '../errors.ts';

const goals = new Map<string, (typeof GOALS)[number]>(GOALS.map((goal) => [goal.name, goal]));
const strategies = new Map(STRATEGIES.map((strategy) => [strategy.name, strategy]));

/** @throws VigilError `goal-not-found` */
export function goalNamed(name: string): Goal {
  const goal = goals.get(name);
  if (goal === undefined) throw new VigilError('goal-not-found', { id: name, known: [...goals.keys()].join(', ') });
  return goal;
}

/** @throws VigilError `strategy-not-found` */
export function strategyNamed(name: string): Strategy {
  const strategy = strategies.get(name);
  if (strategy !== undefined) return strategy;
  throw new VigilError('strategy-not-found', { id: name, known: [...strategies.keys()].join(', ') });
}

/**
 * The strategy that serves a goal when none was asked for: the first that can plan.
 *
 * @throws VigilError `strategy-not-found` when the goal has none yet
 */
export function strategyFor(goal: string): Strategy {
  const found = STRATEGIES.find((strategy) => strategy.goal === goal && strategy.plan !== null);
  if (found !== undefined) return found;
  throw new VigilError('strategy-not-found', {
    id: `for goal ${goal} that can plan`,
    known: [...strategies.keys()].join(', '),
  });
}
