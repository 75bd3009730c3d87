import { type TSchema, Type } from 'typebox';
import type { Link } from './links.ts';

/** What a request may say of an attribute. */
export interface Input {
  readonly type: InputType;
  readonly required?: true;
  /** Known, but refused when it is given. */
  readonly readOnly?: true;
}

/** `interval` is a number of seconds or a cron expression; `json` is anything. */
export type InputType = 'text' | 'uuid' | 'boolean' | 'object' | 'interval' | 'time' | 'json';

/**
 * One attribute of a resource: how it is shown, and how it is given. From the table of a resource's attributes come what
 * is answered, what is accepted, and the description of both.
 */
export interface Attribute<R> {
  readonly name: string;
  readonly schema: TSchema;
  /** In short lists as well. */
  readonly short?: true;
  /** The minor version that brought it. */
  readonly since?: number;
  /** Its value; without it the attribute is only given, never shown. `short` tells a short list. */
  readonly of?: (record: R, shown: Shown) => unknown;
  /** How a POST may give it; without it, not at all. */
  readonly post?: Input;
}

/** In which form a record is shown. */
export interface Shown {
  readonly minor: number;
  readonly short: boolean;
}

/** Shows a record: the attributes of that version and form, then its links. */
export function show<R>(
  attributes: readonly Attribute<R>[],
  record: R,
  shown: Shown,
  links: readonly Link[],
): { readonly [name: string]: unknown } {
  const answer: Record<string, unknown> = {};
  for (const { name, short, since = 0, of } of attributes) {
    if (of === undefined || since > shown.minor || (shown.short && short !== true)) continue;
    answer[name] = of(record, shown);
  }
  answer.links = links;
  return answer;
}

export const LINKS = Type.Array(
  Type.Object({
    href: Type.String(),
    rel: Type.String({ description: 'self, or bookmark: the same without the version.' }),
    type: Type.Optional(Type.String()),
  }),
);

/** The schema of what is shown; what a version or a short list leaves out is optional. */
export function answerSchema<R>(attributes: readonly Attribute<R>[], title: string): TSchema {
  const shown = attributes.filter(({ of }) => of !== undefined);
  const properties = shown.map(({ name, schema, short, since }) => {
    const described =
      since === undefined ? schema : { ...schema, description: `${describe(schema)} Since 1.${since}.` };
    return [name, short === true && since === undefined ? described : Type.Optional(described as TSchema)];
  });
  return Type.Object({ ...Object.fromEntries(properties), links: LINKS }, { title });
}

/** The schema of what a POST gives. */
export function postSchema<R>(attributes: readonly Attribute<R>[], title: string): TSchema {
  const given = attributes.filter(({ post }) => post !== undefined && post.readOnly !== true);
  const properties = given.map(({ name, schema, post }) => [
    name,
    post?.required === true ? schema : Type.Optional(schema),
  ]);
  return Type.Object(Object.fromEntries(properties), { title, additionalProperties: false });
}

function describe(schema: TSchema): string {
  return (schema as { description?: string }).description ?? '';
}

export const text = (description: string): TSchema => Type.String({ description });
export const uuid = (description: string): TSchema => Type.String({ format: 'uuid', description });
export const flag = (description: string): TSchema => Type.Boolean({ description });
export const count = (description: string): TSchema => Type.Integer({ description });
export const list = (description: string): TSchema => Type.Array(Type.Unknown(), { description });
export const object = (description: string): TSchema => Type.Object({}, { description, additionalProperties: true });
export const orNull = (schema: TSchema): TSchema => ({ ...schema, type: [(schema as { type?: string }).type, 'null'] });
export const time = (description: string): TSchema => orNull(text(description));

/** The three times that full items of stored resources have. */
export function lifeTimes<R>(of: (record: R) => LifeTimes): readonly Attribute<R>[] {
  return [
    { name: 'created_at', schema: time('When it was made.'), of: (record) => of(record).created_at },
    { name: 'updated_at', schema: time('When it was last changed.'), of: (record) => of(record).updated_at },
    { name: 'deleted_at', schema: time('When it was deleted.'), of: (record) => of(record).deleted_at },
  ];
}

export interface LifeTimes {
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly deleted_at: string | null;
}
