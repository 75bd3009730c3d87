import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Source files by their path from the repository's root. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  readonly file: string;
  /** A path from the root for a relative import; otherwise as written. */
  readonly target: string;
}

const STATIC = /^\s*(?:import|export)\s(?:[^'"`;]*?\bfrom\s*)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** All imports of a file, `import type`, `export … from` and `import(…)` included. */
export function importsOf(file: string, source: string): Import[] {
  return [...source.matchAll(STATIC), ...source.matchAll(DYNAMIC)].map(([, specifier = '']) => ({
    file,
    target: specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier,
  }));
}

/** Read the sources of these folders of the repository. */
export function readTree(folders: readonly string[]): Tree {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = folders.flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((name) => posix.join(folder, name)),
  );
  const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
  return new Map(sources.map((file) => [file, readFileSync(root + file, 'utf8')]));
}
