import { Ajv } from 'ajv';
import type { Tree } from './json-schema.ts';
import { type SchemaNode, specialize } from './json-schema.ts';
import type { Origins } from './origins.ts';
import { type Problem, problemOf } from './problems.ts';

/** Holds a tree against a schema and fills in defaults, in place; what is wrong, each with what is allowed. */
export function checkTree(tree: Tree, schema: SchemaNode, origins: Origins): Problem[] {
  const special = specialize(schema, tree);
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, strictNumbers: true, useDefaults: true });
  const validate = ajv.compile(special);
  if (validate(tree)) return [];
  return (validate.errors ?? []).map((error) => problemOf(error, special, origins));
}
