import { MAX_ID_LENGTH } from '../../model/element.ts';
import { isFields, quote } from './envelope.ts';
import { Undecodable } from './undecodable.ts';

/** nova's longest text columns hold 255 characters; what is longer did not come out of nova's database. */
const MAX_TEXT = MAX_ID_LENGTH;
/** Free text (fault messages, disabled reasons) is cut, not refused. */
const MAX_PROSE = 1_000;
const MAX_ITEMS = 10_000;

/** What has such a field, perhaps. */
type Having<Name extends string> = { readonly [name in Name]?: unknown };

/** An id: a non-empty text without control characters. */
export function idField<Name extends string>(data: Having<Name>, field: Name): string {
  const value = data[field];
  if (isId(value)) return value;
  throw wrong(field, `an id of 1 to ${MAX_TEXT} printable characters`, value);
}

export function textOrNull<Name extends string>(data: Having<Name>, field: Name): string | null {
  const value = data[field];
  if (value === null) return null;
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
  throw wrong(field, `a text of at most ${MAX_TEXT} characters or null`, value);
}

/** Like {@link textOrNull}; null when the field is missing, as in older payload versions. */
export function optionalText<Name extends string>(data: Having<Name>, field: Name): string | null {
  return data[field] === undefined ? null : textOrNull(data, field);
}

export function proseOrNull<Name extends string>(data: Having<Name>, field: Name): string | null {
  const value = data[field] ?? null;
  if (value === null) return null;
  if (typeof value === 'string') return value.slice(0, MAX_PROSE);
  throw wrong(field, 'a text or null', value);
}

/** A whole number from zero up. */
export function countField<Name extends string>(data: Having<Name>, field: Name): number {
  const value = data[field];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(field, 'a whole number from 0', value);
}

export function flagField<Name extends string>(data: Having<Name>, field: Name): boolean {
  const value = data[field];
  if (typeof value === 'boolean') return value;
  throw wrong(field, 'true or false', value);
}

/** Ids, sorted and each once. */
export function idList<Name extends string>(data: Having<Name>, field: Name): string[] {
  const value = data[field];
  if (Array.isArray(value) && value.length <= MAX_ITEMS && value.every(isId)) return [...new Set(value)].sort();
  throw wrong(field, `a list of at most ${MAX_ITEMS} ids`, value);
}

/** A map of short texts, as metadata and extra specs are. */
export function textMap<Name extends string>(data: Having<Name>, field: Name): { readonly [key: string]: string } {
  const value = data[field];
  if (!isFields(value)) throw wrong(field, 'a map of texts', value);
  for (const key in value) {
    const text = value[key];
    if (typeof text === 'string' && text.length <= MAX_TEXT && key.length <= MAX_TEXT) continue;
    throw wrong(`${field}.${key.slice(0, MAX_TEXT)}`, `a text of at most ${MAX_TEXT} characters, as its name`, text);
  }
  return value as { readonly [key: string]: string };
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT && !hasControl(value);
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}

function wrong(field: string, expected: string, value: unknown): Undecodable {
  return new Undecodable('bad-field', `${field} must be ${expected}, is ${quote(value)}`);
}
