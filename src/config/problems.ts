import type { ErrorObject } from 'ajv';
import { nearest } from '../nearest.ts';
import { MASK, maskAddress } from '../secrets.ts';
import { formatPath, isTree, type Path, type SchemaNode, schemaAt } from './json-schema.ts';
import type { Origins } from './origins.ts';

/** Something wrong in the configuration: where it was given, which setting, what is wrong with it. */
export interface Problem {
  readonly origin: string;
  readonly path: Path;
  readonly text: string;
}

export function formatProblem({ origin, path, text }: Problem): string {
  return `  ${origin}: ${formatPath(path)} ${text}`;
}

/** What a check found, in words: what was given, what is allowed. */
export function problemOf(error: ErrorObject, root: SchemaNode, origins: Origins): Problem {
  const path = pathOf(error.instancePath);
  const schema = schemaAt(root, path);
  const given = `, not ${shown(error.data, schema)}`;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownSetting([...path, String(error.params.additionalProperty)], schema, origins);
    case 'required': {
      const missing = String(error.params.missingProperty);
      const wanted = schema?.properties?.[missing];
      const text = `is missing: ${allowed(wanted)}${meaning(wanted)}`;
      return { origin: origins.of(path), path: [...path, missing], text };
    }
    default:
      return { origin: origins.of(path), path, text: `must be ${allowed(schema)}${given}${near(error.data, schema)}` };
  }
}

function unknownSetting(path: Path, group: SchemaNode | undefined, origins: Origins): Problem {
  const known = Object.keys(group?.properties ?? {});
  const name = nearest(String(path.at(-1)), known);
  const hint = name === undefined ? '' : `; did you mean ${name}?`;
  return { origin: origins.of(path), path, text: `is not known${hint} (known here: ${known.join(', ')})` };
}

/** What a setting may be. */
export function allowed(schema: SchemaNode | undefined): string {
  if (schema === undefined) return 'something else';
  if (schema.form !== undefined) return schema.form;
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return schema.const;
  switch (schema.type) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return `a number from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of ${schema.minItems ?? 0} to ${schema.maxItems} items${schema.uniqueItems === true ? ', each once' : ''}`;
    case 'string':
      return 'a text that is not empty';
    default:
      return `a group of settings (${Object.keys(schema.properties ?? {}).join(', ')})`;
  }
}

function meaning(schema: SchemaNode | undefined): string {
  return schema?.description === undefined ? '' : ` (${schema.description.replace(/\.$/, '')})`;
}

function near(value: unknown, schema: SchemaNode | undefined): string {
  const name = typeof value === 'string' ? nearest(value, schema?.enum ?? []) : undefined;
  return name === undefined ? '' : `; did you mean ${name}?`;
}

const MAX_SHOWN = 80;

/** A value as errors show it: secrets masked, not too long. */
export function shown(value: unknown, schema: SchemaNode | undefined): string {
  if (schema?.secret === true) return MASK;
  if (isTree(value)) return 'a group of settings';
  const masked = (_: string, part: unknown): unknown => (typeof part === 'string' ? maskAddress(part) : part);
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value, masked) ?? 'nothing');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** A JSON pointer's steps; those that are numbers are places in lists. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
