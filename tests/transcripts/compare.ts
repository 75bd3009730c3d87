import type { Names } from './names.ts';

/** One thing that was answered otherwise than recorded. */
export interface Difference {
  /** Where: `status`, `header allow`, or the path of a field. */
  readonly field: string;
  readonly recorded: unknown;
  readonly answered: unknown;
}

/** A difference in one line. */
export function describeDifference({ field, recorded, answered }: Difference): string {
  return `${field}: Watcher ${JSON.stringify(recorded)}, Vigil ${JSON.stringify(answered)}`;
}

/** Texts that each writes in words of its own, and names of machines. */
const OWN_TEXT = new Set(['description', 'display_name', 'metainfo', 'host', 'hostname']);

/** How much two answers must have in common: everything; all but {@link OWN_TEXT}; names and types of all fields. */
export type Rigour = 'words' | 'values' | 'shape';

/** Every difference of two JSON values. */
export function compare(recorded: unknown, answered: unknown, names: Names, rigour: Rigour, field = ''): Difference[] {
  const different = [{ field: field || 'body', recorded, answered }];
  if (typeOf(recorded) !== typeOf(answered)) return different;
  if (Array.isArray(recorded) && Array.isArray(answered)) {
    return compareLists(recorded, answered, names, rigour, field);
  }
  if (isObject(recorded) && isObject(answered)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(answered)])];
    return keys.flatMap((key) => compare(recorded[key], answered[key], names, rigour, `${field}/${key}`));
  }
  if (rigour === 'shape' || (rigour === 'values' && OWN_TEXT.has(field.slice(field.lastIndexOf('/') + 1)))) return [];
  if (typeof recorded === 'string' && typeof answered === 'string') {
    // JSON within a text: the spaces between do not matter.
    const [there, here] = [jsonIn(recorded), jsonIn(answered)];
    if (there !== null && here !== null) return compare(there, here, names, rigour, field);
    return names.same(recorded, answered) ? [] : different;
  }
  return recorded === answered ? [] : different;
}

/** By their values, item by item; by their shapes, each item must have one that is like it on the other side. */
function compareLists(
  recorded: readonly unknown[],
  answered: readonly unknown[],
  names: Names,
  rigour: Rigour,
  field: string,
): Difference[] {
  if (rigour === 'shape') {
    return [
      ...answered.flatMap((item, i) =>
        nearest(item, recorded, (one) => compare(one, item, names, rigour, `${field}/${i}`)),
      ),
      ...recorded.flatMap((item, i) =>
        nearest(item, answered, (one) => compare(item, one, names, rigour, `${field}/${i}`)),
      ),
    ];
  }
  if (recorded.length !== answered.length) {
    return [{ field: `${field} length`, recorded: recorded.length, answered: answered.length }];
  }
  return recorded.flatMap((item, i) => compare(item, answered[i], names, rigour, `${field}/${i}`));
}

/** The differences to the one that is most alike. */
function nearest(
  item: unknown,
  others: readonly unknown[],
  differences: (other: unknown) => Difference[],
): Difference[] {
  const tried = others.map(differences).sort((a, b) => a.length - b.length);
  return tried[0] ?? [{ field: 'rows', recorded: others, answered: item }];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
