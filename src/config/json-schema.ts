import type { TSchema } from 'typebox';

/** A schema as plain JSON Schema, with the notes of settings. */
export interface SchemaNode {
  readonly type?: string;
  readonly properties?: { readonly [name: string]: SchemaNode };
  /** Of a map with any keys: what its values are. */
  readonly additionalProperties?: SchemaNode | boolean;
  readonly required?: readonly string[];
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly defaultKind?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly form?: string;
  readonly secret?: boolean;
  /** The setting beside this one that the named file holds. */
  readonly secretFor?: string;
}

export type Tree = { [key: string]: unknown };
export type Path = readonly (string | number)[];

export function schemaNode(schema: TSchema): SchemaNode {
  return schema as SchemaNode;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kinds that a union of groups has. */
export function kindsOf(schema: SchemaNode): readonly string[] {
  return (schema.anyOf ?? []).map((variant) => variant.properties?.kind?.const ?? '');
}

/**
 * The schema for one value: each union of groups gives way to the group that the value's `kind` names, so that whatever is
 * wrong is told of that group and not of all.
 */
export function specialize(schema: SchemaNode, value: unknown): SchemaNode {
  if (schema.anyOf !== undefined) return specialize(variantFor(schema, value), value);
  if (schema.properties !== undefined && isTree(value)) {
    const properties: { [name: string]: SchemaNode } = {};
    for (const [name, property] of Object.entries(schema.properties)) {
      const given = Object.hasOwn(value, name) ? value[name] : property.default;
      properties[name] = specialize(property, given);
    }
    return { ...schema, properties };
  }
  if (schema.items !== undefined && !isTuple(schema.items) && Array.isArray(value) && value.length > 0) {
    const { items } = schema;
    return { ...schema, items: value.map((item) => specialize(items, item)) };
  }
  return schema;
}

function variantFor(schema: SchemaNode, value: unknown): SchemaNode {
  const kind = (isTree(value) && Object.hasOwn(value, 'kind') ? value.kind : undefined) ?? schema.defaultKind;
  const { anyOf: _, ...notes } = schema;
  const variant = schema.anyOf?.find(({ properties }) => properties?.kind?.const === kind);
  if (variant !== undefined) {
    const { kind: kindSchema, ...others } = variant.properties ?? {};
    const properties = { kind: { ...kindSchema, default: schema.defaultKind }, ...others };
    return { ...variant, ...notes, properties: properties as { [name: string]: SchemaNode } };
  }
  return {
    ...notes,
    type: 'object',
    properties: { kind: { type: 'string', enum: kindsOf(schema) } },
    required: ['kind'],
  };
}

/** The schema at a path of a specialized schema; undefined where nothing is. */
export function schemaAt(schema: SchemaNode, path: Path): SchemaNode | undefined {
  let at: SchemaNode | undefined = schema;
  for (const step of path) {
    if (at === undefined) return undefined;
    const { properties, items, additionalProperties: values }: SchemaNode = at;
    if (properties !== undefined) at = Object.hasOwn(properties, step) ? properties[step] : undefined;
    else if (typeof values === 'object') at = values;
    else at = isTuple(items) ? items[Number(step)] : items;
  }
  return at;
}

function isTuple(items: SchemaNode['items']): items is readonly SchemaNode[] {
  return Array.isArray(items);
}

/** `sources[0].queue.name`. */
export function formatPath(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${step}`)).join('');
}
