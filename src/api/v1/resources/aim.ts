import type { Arguments } from '../arguments.ts';
import { type Attribute, orNull, text, uuid } from '../attribute.ts';
import type { Catalog, CatalogGoal, CatalogStrategy } from '../catalog.ts';
import type { SortKey } from '../list.ts';
import { isNamed } from './strategies.ts';

/** A record that aims at a goal, perhaps by a certain strategy; both by name. */
interface Aimed {
  readonly goal: string;
  readonly strategy: string | null;
}

const FILTERS = { goal: 'text', strategy: 'text' } as const;

export type AimFilters = typeof FILTERS;

/** What a resource whose records aim at something has because of it. */
export interface Aim<R> {
  readonly filters: AimFilters;
  readonly attributes: readonly Attribute<R>[];
  readonly stored: { readonly [key: string]: SortKey<R> };
  readonly computed: { readonly [key: string]: SortKey<R> };
  /** Whether a record passes the filters by goal and strategy, each by name or uuid. */
  matching(wanted: Arguments<AimFilters>): (record: R) => boolean;
}

/** What no name means. */
export const NONE = { uuid: '', name: '' };

/** `goalNeeded`: whether a POST must say the goal. */
export function aimOf<R extends Aimed>(catalog: Catalog, { goalNeeded }: { readonly goalNeeded: boolean }): Aim<R> {
  const goalOf = ({ goal }: R): CatalogGoal | undefined => catalog.goal(goal);
  const strategyOf = ({ strategy }: R): CatalogStrategy | undefined =>
    strategy === null ? undefined : catalog.strategy(strategy);
  const uuids = {
    goal_uuid: (it: R) => goalOf(it)?.uuid ?? null,
    strategy_uuid: (it: R) => strategyOf(it)?.uuid ?? null,
  };
  return {
    filters: FILTERS,
    attributes: [
      {
        name: 'goal',
        schema: text('Name or uuid of a goal.'),
        post: { type: 'text', ...(goalNeeded ? { required: true } : {}) },
      },
      { name: 'goal_uuid', schema: orNull(uuid('Of the goal.')), short: true, of: uuids.goal_uuid },
      { name: 'goal_name', schema: text('Of the goal.'), short: true, of: (it) => it.goal },
      { name: 'strategy', schema: text('Name or uuid of a strategy of that goal.'), post: { type: 'text' } },
      { name: 'strategy_uuid', schema: orNull(uuid('Of the strategy.')), short: true, of: uuids.strategy_uuid },
      { name: 'strategy_name', schema: orNull(text('Of the strategy.')), short: true, of: (it) => it.strategy },
    ],
    stored: {
      goal_id: (it) => goalOf(it)?.id ?? null,
      strategy_id: (it) => strategyOf(it)?.id ?? null,
    },
    computed: { ...uuids, goal_name: (it) => it.goal, strategy_name: (it) => it.strategy },
    matching: ({ goal, strategy }) => {
      return (it) =>
        (goal === null || isNamed(goalOf(it) ?? NONE, goal)) &&
        (strategy === null || isNamed(strategyOf(it) ?? NONE, strategy));
    },
  };
}
