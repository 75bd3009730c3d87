import { parseIni } from './ini.ts';
import type { Outcome } from './outcome.ts';
import { ruleFor } from './settings.ts';

/** A configuration of Vigil made from one of Watcher. */
export interface ReadConfig {
  /** As vigil.yaml has it; holds secrets. */
  readonly settings: object;
  /** What became of each option, without their values where they may be secret. */
  readonly outcomes: readonly Outcome[];
}

type Tree = { [name: string]: unknown };

/** Reads a watcher.conf. @throws Error that names the line which cannot be read */
export function readWatcherConf(text: string): ReadConfig {
  const parsed = parseIni(text);
  const options = new Map(parsed.map(({ section, name, values }) => [`${section}.${name}`, values.at(-1) ?? '']));
  const settings: Tree = {};
  const outcomes = parsed.map(({ section, name, values }): Outcome => {
    const told = (result: Outcome['result'], detail: string): Outcome => ({
      kind: 'setting',
      name: `[${section}] ${name}`,
      result,
      detail,
    });
    const value = values.at(-1) ?? '';
    if (/\$\{?\w/.test(value.replaceAll('$$', ''))) return told('not taken', 'it refers to another option');
    const conversion = ruleFor(section, name)?.convert(value, options);
    if (conversion === undefined) return told('not taken', 'Vigil knows nothing like it');
    if ('left' in conversion) return told('not taken', conversion.left);
    if ('same' in conversion) return told('mapped', conversion.same);
    for (const [path, converted] of Object.entries(conversion.to)) put(settings, path, converted);
    const paths = Object.keys(conversion.to).join(', ');
    return told('mapped', conversion.but === undefined ? paths : `${paths}; ${conversion.but}`);
  });
  return { settings: withLists(settings) as object, outcomes };
}

/** The name of a rule of the policy has no dots. */
function put(tree: Tree, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = tree;
  for (const name of names) {
    at[name] ??= {};
    at = at[name] as Tree;
  }
  at[last] = value;
}

/** Turns what is numbered into lists. */
function withLists(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
  const entries = Object.entries(node).map(([name, value]) => [name, withLists(value)] as const);
  const numbered = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name));
  return numbered ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
