import { type TSchema, Type } from 'typebox';
import type { Value } from '../../../model/fact.ts';
import type { Entity, LiveModel } from '../../../model/live-model.ts';
import { EXPLAIN_SCHEMA } from './cause.ts';

/**
 * One field of an element's representation. `of` gives what the element itself holds. A derived field is made of other
 * elements too (`from`): it changes without its own element changing, so answers have it and the stream of changes has not.
 */
export type Field<E extends Entity> = {
  readonly name: string;
  readonly schema: TSchema;
  /** Whether lists can be sorted by it: its values are then numbers, texts or null. */
  readonly sortable?: true;
} & (
  | {
      /** The registers it is made of; one that ends in `/` stands for a family. None for the id. */
      readonly registers: readonly string[];
      readonly of: (element: E) => Value;
    }
  | { readonly from: (element: E, model: LiveModel) => Value }
);

/** All fields of a kind of element; the first is its id. */
export type Fields<E extends Entity> = readonly [Field<E>, ...Field<E>[]];

export function show<E extends Entity>(field: Field<E>, element: E, model: LiveModel): Value {
  return 'from' in field ? field.from(element, model) : field.of(element);
}

/** An element as answers show it. */
export function represent<E extends Entity>(fields: readonly Field<E>[], element: E, model: LiveModel): Represented {
  const shown: Record<string, Value> = {};
  for (const field of fields) shown[field.name] = show(field, element, model);
  return shown;
}

export type Represented = { readonly [field: string]: Value };

/** The schema of a representation, in which `fields=` may leave out any field. */
export function schemaOf<E extends Entity>(fields: Fields<E>, title: string): TSchema {
  const properties = Object.fromEntries(fields.map(({ name, schema }) => [name, Type.Optional(schema)]));
  return Type.Object({ ...properties, explain: Type.Optional(EXPLAIN_SCHEMA) }, { title, additionalProperties: false });
}

const nullable = (type: string, description: string): TSchema =>
  Type.Unsafe<unknown>({ type: [type, 'null'], description });

export const text = (description: string): TSchema => Type.String({ description });
export const textOrNull = (description: string): TSchema => nullable('string', description);
export const flag = (description: string): TSchema => Type.Boolean({ description });
export const flagOrNull = (description: string): TSchema => nullable('boolean', description);
export const countOrNull = (description: string): TSchema => nullable('integer', description);
export const texts = (description: string): TSchema => Type.Array(Type.String(), { description });
export const textsOrNull = (description: string): TSchema =>
  Type.Unsafe<unknown>({ type: ['array', 'null'], items: { type: 'string' }, description });
export const record = (description: string): TSchema => Type.Record(Type.String(), Type.String(), { description });
export const recordOrNull = (description: string): TSchema =>
  Type.Unsafe<unknown>({ type: ['object', 'null'], additionalProperties: { type: 'string' }, description });
export const objectOrNull = (
  properties: Record<string, TSchema>,
  description: string,
  required: readonly string[] = Object.keys(properties),
): TSchema =>
  Type.Unsafe<unknown>({ type: ['object', 'null'], properties, required, additionalProperties: false, description });
