import { isDeepStrictEqual } from 'node:util';
import type { Vigil } from '../end-to-end/vigil.ts';
import type { Row } from './nova.ts';
import { millis, sorted, type Truth } from './truth.ts';

const PAGE = 1_000;
const TIMES = ['created_at', 'launched_at'];
const UNORDERED = ['tags', 'hosts'];

/**
 * In what Vigil's model differs from the truth: one line for each field of each thing, and for each thing that only one of
 * the two has.
 */
export async function differences(vigil: Vigil, truth: Truth): Promise<string[]> {
  const found: string[] = [];
  for (const [plural, expected] of Object.entries(truth) as [keyof Truth, ReadonlyMap<string, Row>][]) {
    const [id, path] = ADDRESSES[plural];
    const shown = new Map((await all(vigil, path, plural)).map((one) => [String(one[id]), one]));
    for (const [name, one] of expected) {
      const other = shown.get(name);
      if (other === undefined) found.push(`${plural} ${name} is there, not shown`);
      else found.push(...fieldsThatDiffer(`${plural} ${name}`, one, other));
    }
    for (const name of shown.keys()) if (!expected.has(name)) found.push(`${plural} ${name} is not there, shown`);
  }
  return found;
}

const ADDRESSES: Record<keyof Truth, [id: string, path: string]> = {
  instances: ['uuid', '/model/instances'],
  hosts: ['name', '/model/hosts'],
  aggregates: ['uuid', '/model/aggregates'],
  server_groups: ['uuid', '/model/server-groups'],
};

function fieldsThatDiffer(what: string, expected: Row, shown: Row): string[] {
  return Object.keys(expected).flatMap((field) => {
    return valuesThatDiffer(`${what}: ${field}`, expected[field], comparable(field, shown[field]));
  });
}

/** Down to what differs within a field. */
function valuesThatDiffer(what: string, expected: unknown, shown: unknown): string[] {
  if (isDeepStrictEqual(shown, expected)) return [];
  if (!isTree(expected) || !isTree(shown))
    return [`${what} is ${JSON.stringify(expected)}, shown ${JSON.stringify(shown)}`];
  const keys = new Set([...Object.keys(expected), ...Object.keys(shown)]);
  return [...keys].flatMap((key) => valuesThatDiffer(`${what}.${key}`, expected[key], shown[key]));
}

function isTree(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

function comparable(field: string, value: unknown): unknown {
  if (TIMES.includes(field)) return millis(value);
  return UNORDERED.includes(field) && Array.isArray(value) ? sorted(value as string[]) : value;
}

async function all(vigil: Vigil, path: string, plural: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let marker: string | null = ''; marker !== null; ) {
    const page: Row = await vigil.get(`${path}?limit=${PAGE}${marker === '' ? '' : `&marker=${marker}`}`);
    rows.push(...(page[plural] as Row[]));
    marker = page.next_marker as string | null;
  }
  return rows;
}
