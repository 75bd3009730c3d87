import { MASK, maskUserinfo } from '../secrets.ts';
import { formatPath, isTree, type Path, type SchemaNode, schemaAt, schemaNode, specialize } from './json-schema.ts';
import type { LoadedConfig } from './load.ts';
import { CONFIG } from './schema/config.ts';

/** One setting in force. */
export interface DescribedSetting {
  readonly path: string;
  /** Secrets masked. */
  readonly value: unknown;
  /** `default`, a line of the file, a variable, a flag, or the file a secret was read from. */
  readonly origin: string;
}

/** Every setting in force, with where it came from; safe to show. */
export function describeConfig({ config, origins }: LoadedConfig): readonly DescribedSetting[] {
  const schema = specialize(schemaNode(CONFIG), config);
  return leaves(config, []).map(({ path, value }) => ({
    path: formatPath(path),
    value: masked(value, schemaAt(schema, path)),
    origin: origins.of(path),
  }));
}

/** Values that are no groups, with their paths; lists of plain values are one. */
function leaves(value: unknown, path: Path): { path: Path; value: unknown }[] {
  if (isTree(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
  }
  if (Array.isArray(value) && value.some(isTree)) return value.flatMap((item, i) => leaves(item, [...path, i]));
  return [{ path, value }];
}

function masked(value: unknown, schema: SchemaNode | undefined): unknown {
  if (schema?.secret === true) return MASK;
  if (typeof value === 'string') return maskUserinfo(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, undefined));
  return value;
}
