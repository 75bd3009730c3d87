import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMap, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import { type ErrorCode, VigilError } from '../errors.ts';
import { isTree, type Path, type Tree } from './json-schema.ts';
import type { Origins } from './origins.ts';

/** Anything larger is not written by people. */
const MAX_BYTES = 1_048_576;

/** How a kind of file is complained of. */
export interface FileErrors {
  readonly missing: ErrorCode;
  readonly unreadable: ErrorCode;
}

const CONFIG_ERRORS: FileErrors = { missing: 'config-not-found', unreadable: 'config-unreadable' };

/** Reads a YAML (or JSON) file, relative to a directory, as a tree and notes the line of every key and item. */
export async function readYaml(
  file: string,
  directory: string,
  origins: Origins,
  errors: FileErrors = CONFIG_ERRORS,
): Promise<Tree> {
  const unreadable = (problem: string, cause?: unknown): VigilError =>
    new VigilError(errors.unreadable, { file, problem }, { cause });
  const text = await readText(file, directory, errors);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    // The parser's own words quote what stands there, which may be a secret.
    throw unreadable(`line ${line}, column ${col}: ${inWords(error.code)}`);
  }
  const note = (path: Path, node: Node | null): void => {
    const start = node?.range?.[0];
    if (start !== undefined) origins.set(path, `${file}:${lines.linePos(start).line}`);
  };
  noteLines(document.contents, [], note);
  return toTree(() => document.toJS({ maxAliasCount: 100 }), unreadable);
}

async function readText(file: string, directory: string, errors: FileErrors): Promise<string> {
  try {
    const text = await readFile(resolve(directory, file), 'utf8');
    if (text.length > MAX_BYTES) throw new VigilError(errors.unreadable, { file, problem: 'it is larger than 1 MiB' });
    return text;
  } catch (error) {
    if (error instanceof VigilError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new VigilError(errors.missing, { file });
    throw new VigilError(errors.unreadable, { file, problem: message }, { cause: error });
  }
}

function toTree(read: () => unknown, unreadable: (problem: string, cause?: unknown) => VigilError): Tree {
  const value = attempt(read, unreadable) ?? {};
  if (!isTree(value)) throw unreadable('it is not a map of settings');
  return value;
}

function attempt(read: () => unknown, unreadable: (problem: string, cause?: unknown) => VigilError): unknown {
  try {
    return read();
  } catch {
    throw unreadable('it has a *name that no &name before it explains: put texts that begin with * in quotes');
  }
}

/** `BAD_INDENT` as `bad indent`. */
function inWords(code: string): string {
  const advice = ADVICE[code];
  return `it is no YAML (${code.toLowerCase().replaceAll('_', ' ')})${advice === undefined ? '' : `: ${advice}`}`;
}

const ADVICE: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'one file has one configuration, with no --- in it',
  DUPLICATE_KEY: 'a setting stands there twice',
  TAB_AS_INDENT: 'indent with spaces',
  UNEXPECTED_TOKEN: 'put texts with special characters in quotes',
  BAD_ALIAS: 'put texts that begin with * in quotes',
};

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
