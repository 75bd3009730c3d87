import { applyPatch, type Operation } from 'rfc6902';
import { invalid } from './arguments.ts';
import { Fault } from './fault.ts';
import { pythonText } from './python-text.ts';

export const OPERATIONS = ['replace', 'add', 'remove'] as const;

/** One operation of a JSON Patch, as far as this API takes them. */
export interface PatchOperation {
  readonly op: (typeof OPERATIONS)[number];
  readonly path: string;
  readonly value?: unknown;
}

/** Which paths of a resource a patch may name. */
export interface PatchRules {
  /** Never, besides those that no resource has patched. */
  readonly internal?: readonly string[];
  /** When given, only these. */
  readonly allowed?: readonly string[];
  /** May be changed, not removed. */
  readonly mandatory?: readonly string[];
  /** Paths that are refused as a whole, though they look ordinary. */
  readonly refused?: readonly string[];
  /** A patch without operations changes nothing, rather than being refused. */
  readonly mayBeEmpty?: true;
}

const NEVER = ['/created_at', '/updated_at', '/deleted_at', '/id', '/uuid', '/links'];
const PATH = /^(\/[\w-]+)+$/;
const KNOWN: ReadonlySet<string> = new Set(['op', 'path', 'value']);
const MOST_OPERATIONS = 1_000;

/** Reads and checks a patch. Throws Fault. */
export function readPatch(body: unknown, rules: PatchRules): readonly PatchOperation[] {
  if (body === undefined || body === null) throw new Fault('missing-argument', { name: 'patch' });
  if (!Array.isArray(body)) throw invalid('patch', pythonText(body), `Value not a valid list: ${pythonText(body)}`);
  if (body.length > MOST_OPERATIONS) throw invalid('patch', '[…]', `At most ${MOST_OPERATIONS} operations are taken.`);
  return body.map((item: unknown) => readOperation(item, body, rules));
}

function readOperation(item: unknown, body: readonly unknown[], rules: PatchRules): PatchOperation {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw invalid('patch', pythonText(body), 'Each operation must be an object.');
  const { op, path, value } = item as Record<string, unknown>;
  const unknown = Object.keys(item).filter((name) => !KNOWN.has(name));
  if (path === undefined || path === null) throw invalid('path', null, 'Mandatory field missing.');
  if (typeof path !== 'string' || !PATH.test(path))
    throw invalid('path', path, 'Value should match the pattern ^(/[\\w-]+)+$');
  if (unknown.length > 0) throw new Fault('unknown-attribute', { argument: 'patch', attribute: unknown.join(', ') });
  if (op === undefined || op === null) throw invalid('op', null, 'Mandatory field missing.');
  if (!OPERATIONS.includes(op as PatchOperation['op']))
    throw invalid('op', op, `Value should be one of: ${OPERATIONS.join(', ')}`);
  const operation = { op, path, ...(Object.hasOwn(item, 'value') ? { value } : {}) } as PatchOperation;
  checkPath(operation, body, rules);
  if (operation.op !== 'remove' && !Object.hasOwn(operation, 'value'))
    throw new Fault('refused', { problem: "'add' and 'replace' operations needs value" });
  return operation;
}

function checkPath(operation: PatchOperation, body: readonly unknown[], rules: PatchRules): void {
  const { op, path, value } = operation;
  const root = `/${path.split('/')[1]}`;
  if (rules.refused?.includes(root) === true || (root === '/state' && op === 'replace' && value === null))
    throw unpatchable(operation, body, `${path} can't be updated.`);
  if (NEVER.includes(root) || rules.internal?.includes(root) === true) throw new Fault('internal-attribute', { path });
  if (rules.allowed !== undefined && !rules.allowed.includes(path)) throw new Fault('not-allowed-attribute', { path });
  if (op === 'remove' && rules.mandatory?.includes(path) === true) throw new Fault('mandatory-attribute', { path });
}

/** An operation that is well formed and cannot be done. */
export function unpatchable(operation: PatchOperation, body: readonly unknown[], reason: string): Fault {
  const problem = `Couldn't apply patch '${pythonText(shown(operation))}'. Reason: ${reason}`;
  return invalid('patch', pythonText(body.map((item) => shown(item as PatchOperation))), problem);
}

/** A patch that cannot be done as a whole. */
export function patchFailed(patch: readonly PatchOperation[], problem: string): Fault {
  return new Fault('patch-failed', { patch: pythonText(patch.map(shown)), problem });
}

function shown({ path, op, value }: PatchOperation): object {
  return value === undefined ? { path, op } : { path, op, value };
}

export type Document = { [name: string]: unknown };

/** A document with a patch applied to it; the one given stays as it is. Throws Fault for paths that are not there. */
export function patched(document: Readonly<Document>, patch: readonly PatchOperation[]): Document {
  for (const { op, path } of patch) {
    const [, root = '', ...below] = path.split('/');
    if (Object.hasOwn(document, root)) continue;
    if (op === 'add' && below.length === 0) {
      const problem = `Adding a new attribute (${path}) to the root of  the resource is not allowed`;
      throw new Fault('refused', { problem });
    }
    throw patchFailed(patch, `can't ${op} a non-existent object '${below.at(-1) ?? root}'`);
  }
  const result = structuredClone(document) as Document;
  for (const operation of patch) {
    const [failure] = applyPatch(result, [operation as Operation]);
    if (failure === null || failure === undefined) continue;
    throw patchFailed(patch, `can't ${operation.op} a non-existent object '${operation.path.split('/').at(-1)}'`);
  }
  return result;
}

/** The value that a patch gives to a top-level path, the last one if several; undefined when none does. */
export function valueAt(patch: readonly PatchOperation[], path: string): unknown {
  return patch.findLast((operation) => operation.path === path && operation.op !== 'remove')?.value;
}
