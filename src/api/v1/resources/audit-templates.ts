import type { AuditTemplate } from '../../../audits/audit-template.ts';
import { type Attribute, lifeTimes, list, object, orNull, text, uuid } from '../attribute.ts';
import type { CatalogGoal, CatalogStrategy } from '../catalog.ts';
import type { V1 } from '../context.ts';
import { ADDED } from '../microversion.ts';
import type { Resource } from '../resource.ts';
import { findRecord, STORED_KEYS, timesOf } from '../stored.ts';
import { isNamed } from './strategies.ts';

type Filters = { goal: 'text'; strategy: 'text' };

/** What audits of the same sort have in common. */
export function auditTemplates({ catalog, desk: { book } }: V1): Resource<AuditTemplate, Filters> {
  const goalOf = ({ goal }: AuditTemplate): CatalogGoal | undefined => catalog.goal(goal);
  const strategyOf = ({ strategy }: AuditTemplate): CatalogStrategy | undefined =>
    strategy === null ? undefined : catalog.strategy(strategy);
  return {
    collection: 'audit_templates',
    kind: 'AuditTemplate',
    rule: 'audit_template',
    attributes: attributes(goalOf, strategyOf),
    filters: { goal: 'text', strategy: 'text' },
    marker: 'text',
    idOf: ({ id }) => id,
    markerOf: (it) => it.uuid,
    stored: {
      ...STORED_KEYS,
      name: (it) => it.name,
      description: (it) => it.description,
      goal_id: (it) => goalOf(it)?.id ?? null,
      strategy_id: (it) => strategyOf(it)?.id ?? null,
      scope: ({ scope }) => JSON.stringify(scope),
      default_parameters: ({ defaultParameters }) => JSON.stringify(defaultParameters),
    },
    computed: {
      goal_uuid: (it) => goalOf(it)?.uuid ?? null,
      goal_name: (it) => it.goal,
      strategy_uuid: (it) => strategyOf(it)?.uuid ?? null,
      strategy_name: (it) => it.strategy,
    },
    page: (query, { goal, strategy }) =>
      book.templates.page({
        ...query,
        where: (it) =>
          (goal === null || isNamed(goalOf(it) ?? NONE, goal)) &&
          (strategy === null || isNamed(strategyOf(it) ?? NONE, strategy)),
      }),
    find: (ident, deleted) => findRecord(book.templates, ident, deleted),
    changes$: book.changed$,
  };
}

/** What no name means. */
export const NONE = { uuid: '', name: '' };

function attributes(
  goalOf: (template: AuditTemplate) => CatalogGoal | undefined,
  strategyOf: (template: AuditTemplate) => CatalogStrategy | undefined,
): readonly Attribute<AuditTemplate>[] {
  return [
    { name: 'uuid', schema: uuid('Of the template.'), short: true, of: (it) => it.uuid },
    {
      name: 'name',
      schema: text('Unique among those that are not deleted; at most 63 characters.'),
      short: true,
      of: (it) => it.name,
      post: { type: 'text', required: true },
    },
    { name: 'goal', schema: text('Name or uuid of a goal.'), post: { type: 'text', required: true } },
    { name: 'goal_uuid', schema: uuid('Of the goal.'), short: true, of: (it) => goalOf(it)?.uuid ?? null },
    { name: 'goal_name', schema: text('Of the goal.'), short: true, of: (it) => it.goal },
    { name: 'strategy', schema: text('Name or uuid of a strategy of that goal.'), post: { type: 'text' } },
    {
      name: 'strategy_uuid',
      schema: orNull(uuid('Of the strategy.')),
      short: true,
      of: (it) => strategyOf(it)?.uuid ?? null,
    },
    { name: 'strategy_name', schema: orNull(text('Of the strategy.')), short: true, of: (it) => it.strategy },
    {
      name: 'scope',
      schema: list('What audits may touch; empty for all.'),
      short: true,
      of: (it) => it.scope,
      post: { type: 'json' },
    },
    {
      name: 'description',
      schema: orNull(text('For people.')),
      of: (it) => it.description,
      post: { type: 'text' },
    },
    {
      name: 'default_parameters',
      schema: object('Parameters of the strategy, where an audit gives none.'),
      since: ADDED.defaultParameters,
      of: (it) => it.defaultParameters,
      post: { type: 'object' },
    },
    ...lifeTimes<AuditTemplate>(timesOf),
  ];
}
