import { styleText } from 'node:util';
import type { Fields } from '../../client/fields.ts';
import { printable } from '../printable.ts';

const GAP = '  ';
/** The widest a cell is that others follow. */
const WIDEST = 64;

/** Rows in aligned columns under their names, for people. */
export function formatTable(columns: readonly string[], rows: readonly Fields[]): string {
  const cells = rows.map((row) =>
    columns.map((column, i) => {
      const text = printable(readable(row[column]));
      return i < columns.length - 1 && text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
    }),
  );
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join(GAP)
      .trimEnd();
  const head = line(columns.map((column) => column.replace(/[._]/g, ' ').toUpperCase()));
  return [styleText('bold', head), ...cells.map(line)].join('\n');
}

/** Lists and objects as people write them: `a, b` and `name=value, …`. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(readableItem).join(', ');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return entries.length === 0 ? null : entries.map(([name, item]) => `${name}=${readableItem(item)}`).join(', ');
}

function readableItem(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}
