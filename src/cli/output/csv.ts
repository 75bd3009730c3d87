import type { Fields } from '../../client/fields.ts';

/** Rows as RFC 4180 writes them, with a line of names first; what is not a text is written as JSON, nothing as nothing. */
export function formatCsv(columns: readonly string[], rows: readonly Fields[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return [columns.map(cell).join(','), ...lines].join('\n');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
