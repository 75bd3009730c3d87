import { Type } from 'typebox';
import { object, text, uuid } from '../attribute.ts';
import type { CatalogGoal, CatalogStrategy } from '../catalog.ts';
import { enforce, type V1 } from '../context.ts';
import { pageOf } from '../list.ts';
import { IDENT, itemOf, type Resource } from '../resource.ts';
import type { Operation } from '../serve.ts';
import { isUuid } from '../uuid.ts';

/** Ways to reach goals. */
export function strategies({ catalog, since }: V1): Resource<CatalogStrategy, { goal: 'text' }> {
  return {
    collection: 'strategies',
    kind: 'Strategy',
    rule: 'strategy',
    attributes: [
      { name: 'uuid', schema: uuid('Made of the name, so the same everywhere.'), short: true, of: (it) => it.uuid },
      { name: 'name', schema: text('Unique.'), short: true, of: (it) => it.name },
      { name: 'display_name', schema: text('For people.'), short: true, of: (it) => it.strategy.displayName },
      { name: 'goal_uuid', schema: uuid('Of the goal it serves.'), short: true, of: (it) => it.goal.uuid },
      { name: 'goal_name', schema: text('Of the goal it serves.'), short: true, of: (it) => it.goal.name },
      { name: 'parameters_spec', schema: object('JSON schema of its parameters.'), of: (it) => it.strategy.parameters },
    ],
    filters: { goal: 'text' },
    marker: 'text',
    markerOf: (it) => it.uuid,
    stored: {
      id: ({ id }) => id,
      uuid: (it) => it.uuid,
      name: (it) => it.name,
      display_name: (it) => it.strategy.displayName,
      goal_id: (it) => it.goal.id,
      created_at: () => since,
      updated_at: () => null,
      deleted_at: () => null,
    },
    computed: { goal_uuid: (it) => it.goal.uuid, goal_name: (it) => it.goal.name },
    find: (ident) => catalog.strategy(ident),
    page: (query, { goal }) => {
      const served = catalog.strategies.filter((it) => goal === null || isNamed(it.goal, goal));
      return pageOf(served, query);
    },
  };
}

/** Whether a filter by uuid or name means that goal or strategy. */
export function isNamed({ uuid: own, name }: Pick<CatalogGoal, 'uuid' | 'name'>, wanted: string): boolean {
  return isUuid(wanted) ? own === wanted.toLowerCase() : name === wanted.toLowerCase();
}

const STATE = Type.Array(
  Type.Object({
    type: Type.String({ description: 'Datasource, Metrics, CDM or Name.' }),
    state: Type.Unknown(),
    mandatory: Type.Unknown(),
    comment: Type.String(),
  }),
);

/** `GET /v1/strategies/{strategy}/state`: what a strategy needs, and whether it is there. */
export function strategyState(resource: Resource<CatalogStrategy, { goal: 'text' }>, v1: V1): Operation {
  return {
    method: 'GET',
    path: 'strategies/:ident/state',
    schema: { summary: 'Strategy: what it needs and whether it is there', params: IDENT, response: { 200: STATE } },
    handle: (request) => {
      const { strategy } = itemOf(resource, request);
      enforce(v1, request, 'strategy:state');
      return requirements(strategy);
    },
  };
}

const NO_DATASOURCE = 'Datasource is not presented for this strategy';
const NOT_THERE_YET = 'Vigil lists this strategy and cannot decide by it yet: audits with it are refused.';

function requirements({ name, needs, plan }: CatalogStrategy['strategy']): readonly object[] {
  const comment = plan === null ? NOT_THERE_YET : '';
  const models = [
    { compute_model: 'available' },
    { storage_model: 'not available' },
    { baremetal_model: 'not available' },
  ];
  return [
    { type: 'Datasource', state: needs.length === 0 ? NO_DATASOURCE : 'vigil: available', mandatory: true, comment },
    { type: 'Metrics', state: needs.map((metric) => ({ [metric]: 'available' })), mandatory: false, comment: '' },
    { type: 'CDM', state: models, mandatory: true, comment: '' },
    { type: 'Name', state: name, mandatory: '', comment: '' },
  ];
}
