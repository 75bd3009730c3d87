import { GOALS } from '../../../strategies/catalogue/goals.ts';
import { STRATEGIES } from '../../../strategies/catalogue/strategies.ts';
import type { Goal } from '../../../strategies/goal.ts';
import type { Strategy } from '../../../strategies/strategy.ts';
import { isUuid, uuidOf } from './uuid.ts';

/** What is the same in every process: numbered in the order of its table, with a uuid made of its name. */
interface Numbered {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
}

export interface CatalogGoal extends Numbered {
  readonly goal: Goal;
}

export interface CatalogStrategy extends Numbered {
  readonly strategy: Strategy;
  readonly goal: CatalogGoal;
}

/** Goals that only Vigil has; Watcher's own clients may be kept from seeing them and what serves them. */
const OWN_GOALS: ReadonlySet<string> = new Set(['sla', 'model_refresh']);

/** The goals and strategies that clients see, by uuid, name and number. */
export class Catalog {
  readonly goals: readonly CatalogGoal[];
  readonly strategies: readonly CatalogStrategy[];

  /** `own`: whether Vigil's own are among them, after Watcher's. */
  constructor(own: boolean) {
    const goals: readonly Goal[] = GOALS;
    this.goals = goals
      .filter(({ name }) => own || !OWN_GOALS.has(name))
      .map((goal, i) => ({ id: i + 1, uuid: uuidOf('goal', goal.name), name: goal.name, goal }));
    this.strategies = STRATEGIES.flatMap((strategy) => {
      const goal = this.goals.find(({ name }) => name === strategy.goal);
      return goal === undefined ? [] : [{ strategy, goal }];
    }).map(({ strategy, goal }, i) => ({
      id: i + 1,
      uuid: uuidOf('strategy', strategy.name),
      name: strategy.name,
      strategy,
      goal,
    }));
  }

  goal(ident: string): CatalogGoal | undefined {
    return findIn(this.goals, ident);
  }

  strategy(ident: string): CatalogStrategy | undefined {
    return findIn(this.strategies, ident);
  }
}

/** Finds by uuid, number or name, whatever the case: the data bases that clients know compare names so. */
export function findIn<T extends Numbered>(items: readonly T[], ident: string): T | undefined {
  if (isUuid(ident)) return items.find(({ uuid }) => uuid === ident.toLowerCase());
  if (/^\d+$/.test(ident)) return items.find(({ id }) => id === Number(ident));
  return items.find(({ name }) => name === ident.toLowerCase());
}
