/** A JSON schema as it is written in tables and shown to clients: plain JSON, draft 4 keywords. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Short forms in which tables write the schemas of parameters; `more` holds a default, bounds and the like. */
export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
});
export const number = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'number',
  description,
  ...more,
});
export const integer = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'integer',
  description,
  ...more,
});
export const flag = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'boolean',
  description,
  ...more,
});
