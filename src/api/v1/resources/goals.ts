import { lifeTimes, list, text, uuid } from '../attribute.ts';
import type { CatalogGoal } from '../catalog.ts';
import type { V1 } from '../context.ts';
import { pageOf } from '../list.ts';
import type { Resource } from '../resource.ts';

/** What audits can be for. */
export function goals({ catalog, since }: V1): Resource<CatalogGoal> {
  const times = lifeTimes<CatalogGoal>(() => ({ created_at: since, updated_at: null, deleted_at: null }));
  return {
    collection: 'goals',
    kind: 'Goal',
    rule: 'goal',
    attributes: [
      { name: 'uuid', schema: uuid('Made of the name, so the same everywhere.'), short: true, of: (it) => it.uuid },
      { name: 'name', schema: text('Unique.'), short: true, of: (it) => it.name },
      { name: 'display_name', schema: text('For people.'), short: true, of: (it) => it.goal.displayName },
      {
        name: 'efficacy_specification',
        schema: list('The numbers by which solutions are judged: name, description, unit, schema (JSON, as a text).'),
        short: true,
        of: ({ goal }) => goal.efficacy.map(({ schema, ...rest }) => ({ ...rest, schema: JSON.stringify(schema) })),
      },
      ...times,
    ],
    filters: {},
    marker: 'text',
    markerOf: ({ uuid: marker }) => marker,
    stored: {
      id: ({ id }) => id,
      uuid: (it) => it.uuid,
      name: (it) => it.name,
      display_name: (it) => it.goal.displayName,
      created_at: () => since,
      updated_at: () => null,
      deleted_at: () => null,
    },
    computed: {},
    find: (ident) => catalog.goal(ident),
    page: (query) => pageOf(catalog.goals, query),
  };
}
