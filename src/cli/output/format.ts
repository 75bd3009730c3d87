import { stringify } from 'yaml';
import type { Fields } from '../../client/fields.ts';
import { nearest } from '../../nearest.ts';
import { formatCsv } from './csv.ts';
import { formatTable } from './table.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** How a person wants to see what was answered. */
export interface View {
  readonly format: Format;
  /** Only these, in this order; empty: those that are usual. */
  readonly columns: readonly string[];
}

/**
 * Many things, one a row. A column is a field, or a field of a field (`flavor.name`); `usual` are those shown in a table or CSV
 * when none are asked for.
 * @throws Error when there is no such column
 */
export function formatList(rows: readonly Fields[], usual: readonly string[], view: View): string {
  const asked = view.columns.length > 0;
  if (asked) check(view.columns, [...usual, ...rows.flatMap(Object.keys)]);
  const columns = asked ? view.columns : usual;
  const shown = asked || isTabular(view.format) ? rows.map((row) => pick(row, columns)) : rows;
  return write(columns, shown, shown, view.format);
}

/** One thing with all its fields, one a row. @throws Error when there is no such column */
export function formatOne(fields: Fields, view: View): string {
  const asked = view.columns.length > 0;
  if (asked) check(view.columns, Object.keys(fields));
  const shown = asked ? pick(fields, view.columns) : fields;
  const rows = Object.entries(shown).map(([field, value]) => ({ field, value }));
  return write(['field', 'value'], rows, shown, view.format);
}

/** `rows` for the formats that have columns, `whole` for those that have not. */
function write(columns: readonly string[], rows: readonly Fields[], whole: unknown, format: Format): string {
  switch (format) {
    case 'json':
      return JSON.stringify(whole, null, 2);
    case 'yaml':
      return stringify(whole).trimEnd();
    case 'csv':
      return formatCsv(columns, rows);
    case 'table':
      return formatTable(columns, rows);
  }
}

function isTabular(format: Format): boolean {
  return format === 'table' || format === 'csv';
}

function pick(fields: Fields, columns: readonly string[]): Fields {
  return Object.fromEntries(columns.map((column) => [column, valueAt(fields, column)]));
}

function valueAt(fields: Fields, column: string): unknown {
  let value: unknown = fields;
  for (const name of column.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Fields)[name];
  }
  return value ?? null;
}

/** A misspelt column would else be an empty one. */
function check(asked: readonly string[], known: readonly string[]): void {
  const names = new Set(known);
  const roots = new Set(known.map(rootOf));
  for (const column of asked) {
    if (names.has(column) || roots.has(rootOf(column))) continue;
    const meant = nearest(column, [...names]);
    throw new Error(
      `there is no column ${column}${meant === undefined ? '' : ` (did you mean ${meant}?)`}; there are ${[...names].join(', ')}`,
    );
  }
}

function rootOf(column: string): string {
  return column.split('.', 1)[0] ?? column;
}
