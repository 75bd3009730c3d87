import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMap, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import { VigilError } from '../errors.ts';
import { isTree, type Path, type Tree } from './json-schema.ts';
import type { Origins } from './origins.ts';

/** Anything larger is no configuration. */
const MAX_BYTES = 1_048_576;

/** Reads a YAML file, relative to a directory, as a tree and notes the line of every key and item. */
export async function readYaml(file: string, directory: string, origins: Origins): Promise<Tree> {
  const text = await readText(file, directory);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new VigilError('config-unreadable', { file, problem: `line ${line}, column ${col}: ${error.message}` });
  }
  const note = (path: Path, node: Node | null): void => {
    const start = node?.range?.[0];
    if (start !== undefined) origins.set(path, `${file}:${lines.linePos(start).line}`);
  };
  noteLines(document.contents, [], note);
  return toTree(() => document.toJS({ maxAliasCount: 100 }), file);
}

async function readText(file: string, directory: string): Promise<string> {
  try {
    const text = await readFile(resolve(directory, file), 'utf8');
    if (text.length > MAX_BYTES)
      throw new VigilError('config-unreadable', { file, problem: 'it is larger than 1 MiB' });
    return text;
  } catch (error) {
    if (error instanceof VigilError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new VigilError('config-not-found', { file });
    throw new VigilError('config-unreadable', { file, problem: message }, { cause: error });
  }
}

function toTree(read: () => unknown, file: string): Tree {
  const value = attempt(read, file) ?? {};
  if (!isTree(value)) throw new VigilError('config-unreadable', { file, problem: 'it is not a map of settings' });
  return value;
}

function attempt(read: () => unknown, file: string): unknown {
  try {
    return read();
  } catch (error) {
    throw new VigilError('config-unreadable', { file, problem: (error as Error).message }, { cause: error });
  }
}

function noteLines(node: unknown, path: Path, note: (path: Path, node: Node | null) => void): void {
  if (isMap(node)) {
    for (const { key, value } of node.items as Pair<Scalar, Node | null>[]) {
      const at = [...path, String(key.value)];
      note(at, key);
      noteLines(value, at, note);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      note([...path, index], item as Node);
      noteLines(item, [...path, index], note);
    }
  }
}
