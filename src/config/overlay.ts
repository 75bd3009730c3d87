import { parse } from 'yaml';
import { isTree, type Path, type SchemaNode, schemaAt, specialize, type Tree } from './json-schema.ts';
import type { Origins } from './origins.ts';

/** A value from outside of the file: text, to be read as what the schema wants at its path. */
export interface Overlay {
  readonly path: Path;
  readonly text: string;
  /** What it was called: `VIGIL_LISTEN__PORT`, `--port`. */
  readonly origin: string;
}

const PREFIX = 'VIGIL_';
const SEPARATOR = '__';

/**
 * The settings among environment variables: `VIGIL_` and the path in capitals, its steps separated by two underscores,
 * numbers for items of lists. Empty ones do not count. Variables of one step that is no setting are somebody else's.
 */
export function environmentOverlays(env: Readonly<Record<string, string | undefined>>, schema: SchemaNode): Overlay[] {
  const overlays: Overlay[] = [];
  for (const [origin, text] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!origin.startsWith(PREFIX) || text === undefined || text === '') continue;
    const steps = origin.slice(PREFIX.length).toLowerCase().split(SEPARATOR);
    const [first = ''] = steps;
    if (steps.length === 1 && schema.properties?.[first] === undefined) continue;
    overlays.push({ path: steps.map(stepOf), text, origin });
  }
  return overlays;
}

/** A flag of the command line that stands for a setting: `sources.0.urls`, or `sources[0].urls` as errors write it. */
export function flagOverlay(path: string, text: string, flag: string): Overlay {
  const steps = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  return { path: steps.map(stepOf), text, origin: flag };
}

/** Numbers are places in lists. */
function stepOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Lays values over a tree, in order, and reads each as what the schema wants there. */
export function applyOverlays(tree: Tree, overlays: readonly Overlay[], schema: SchemaNode, origins: Origins): void {
  for (const { path, text, origin } of overlays) {
    put(tree, path, text);
    origins.set(path, origin);
  }
  // Only now are all kinds known, and so what is wanted where.
  for (const { path, text } of overlays) {
    const wanted = schemaAt(specialize(schema, tree), path);
    put(tree, path, readAs(text, wanted));
  }
}

function readAs(text: string, wanted: SchemaNode | undefined): unknown {
  switch (wanted?.type) {
    case 'integer':
    case 'number':
      return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      return /^\s*\[/.test(text) ? structure(text) : text.split(',').map((item) => item.trim());
    case 'object':
      return structure(text);
    default:
      return wanted?.anyOf === undefined ? text : structure(text);
  }
}

/** A whole group or list as YAML or JSON; the text itself when it is none, for the check to refuse. */
function structure(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch {
    return text;
  }
}

function put(tree: Tree, path: Path, value: unknown): void {
  let at: unknown = tree;
  for (const [i, step] of path.entries()) {
    const last = i === path.length - 1;
    const next = last ? value : (child(at, step) ?? (typeof path[i + 1] === 'number' ? [] : {}));
    if (Array.isArray(at) && typeof step === 'number') at[step] = next;
    else if (isTree(at))
      Object.defineProperty(at, step, { value: next, enumerable: true, writable: true, configurable: true });
    else return;
    at = next;
  }
}

/** Only what holds further settings; anything else is overwritten by them. */
function child(at: unknown, step: string | number): object | undefined {
  const found: unknown = Array.isArray(at)
    ? at[Number(step)]
    : isTree(at) && Object.hasOwn(at, step)
      ? at[String(step)]
      : undefined;
  return typeof found === 'object' && found !== null ? found : undefined;
}
