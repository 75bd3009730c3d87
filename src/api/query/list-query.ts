import { type Static, type TObject, type TProperties, type TUnsafe, Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import type { Entity } from '../../../model/live-model.ts';
import type { Kind } from '../elements/kinds.ts';
import type { Direction } from './order.ts';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1_000;
const MAX_FIELDS_LENGTH = 2_000;

/** The part of a list's query that is the same for all lists. */
export interface ListQuery {
  readonly sort_key: string;
  readonly sort_dir: Direction;
  readonly marker?: string;
  readonly limit: number;
  readonly fields?: string;
  readonly explain: boolean;
}

/** The query of one element. */
export interface ElementQuery {
  readonly fields?: string;
  readonly explain: boolean;
}

/** The schema of a list's query with filters of its own. */
export function listQuerySchema<E extends Entity, F extends TProperties>(
  kind: Kind<E>,
  filters: F,
): TUnsafe<ListQuery & Static<TObject<F>>> {
  const [id] = kind.fields;
  const sortable = kind.fields.filter((field) => field.sortable).map(({ name }) => name);
  const schema = Type.Object(
    {
      ...filters,
      sort_key: Type.Unsafe<string>({
        type: 'string',
        enum: sortable,
        default: id.name,
        description: `Sort by this field, then by ${id.name}. Texts are compared by code unit; null comes after everything else.`,
      }),
      sort_dir: Type.Unsafe<Direction>({
        type: 'string',
        enum: ['asc', 'desc'],
        default: 'asc',
        description: 'desc is the exact reverse of asc.',
      }),
      marker: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: MAX_ID_LENGTH,
          description: `Begin after the element of this ${id.name}: the next_marker of the page before.`,
        }),
      ),
      limit: Type.Integer({
        minimum: 1,
        maximum: MAX_LIMIT,
        default: DEFAULT_LIMIT,
        description: 'Elements on a page, at most.',
      }),
      ...elementProperties,
    },
    { additionalProperties: false },
  );
  return Type.Unsafe<ListQuery & Static<TObject<F>>>(schema);
}

const elementProperties = {
  fields: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_FIELDS_LENGTH,
      description: 'Names of the fields wanted, separated by commas; without it all.',
    }),
  ),
  explain: Type.Boolean({
    default: false,
    description: 'Also tell what made us believe each field: event, message id, publisher, time.',
  }),
};

export const ELEMENT_QUERY = Type.Object(elementProperties, { additionalProperties: false });

export const ID = Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH });
