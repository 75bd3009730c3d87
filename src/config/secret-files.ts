import { readFileSync } from 'node:fs';
import { formatPath, isTree, type Path, type SchemaNode, schemaAt, type Tree } from './json-schema.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problems.ts';

/** Reads the secrets that are given as names of files into their own settings; returns what went wrong. */
export function readSecretFiles(tree: Tree, schema: SchemaNode, origins: Origins): Problem[] {
  const problems: Problem[] = [];
  visit(tree, schema, [], (group, name, key, path) => {
    const origin = origins.of(path);
    const beside = [...path.slice(0, -1), key];
    if (group[key] !== undefined && origins.of(beside) !== `file ${String(group[name])}`) {
      problems.push({ origin, path, text: `stands beside ${formatPath(beside)}: give only one of them` });
      return;
    }
    const file = String(group[name]);
    try {
      const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (secret === '') problems.push({ origin, path, text: `names the file ${file}, which is empty` });
      group[key] = secret;
      origins.set(beside, `file ${file}`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      problems.push({ origin, path, text: `names the file ${file}, which cannot be read (${code})` });
    }
  });
  return problems;
}

type Visitor = (group: Tree, name: string, key: string, path: Path) => void;

function visit(value: unknown, root: SchemaNode, path: Path, found: Visitor): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) visit(item, root, [...path, i], found);
  } else if (isTree(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const at = [...path, name];
      const key = schemaAt(root, at)?.secretFor;
      if (key === undefined) visit(inner, root, at, found);
      else found(value, name, key, at);
    }
  }
}
