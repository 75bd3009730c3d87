import type { Medians } from './rounds.ts';

/** What a benchmark found: the line that `--json` writes. */
export interface Result {
  readonly name: string;
  /** For `a/b`: value/limit, for anything else limit/value. More is better, for all. */
  readonly ratio: number;
  /** For `a/b`: the median of a. Otherwise what was measured. */
  readonly value: number;
  /** For `a/b`: the median of b. Otherwise what may be reached at most. */
  readonly limit: number;
  readonly unit: string;
}

/** A result with the ratio that has to be reached. */
export interface Judged extends Result {
  readonly required: number;
}

export function comparison(name: string, unit: string, { a, b }: Medians): Result {
  return { name, ratio: a / b, value: a, limit: b, unit };
}

export function measure(name: string, unit: string, value: number, limit: number): Result {
  return { name, ratio: limit / value, value, limit, unit };
}

/** One line of JSON, with the fields of {@link Result} and no others. */
export function jsonLine({ name, ratio, value, limit, unit }: Result): string {
  return JSON.stringify({ name, ratio, value, limit, unit });
}

const COLUMNS = ['benchmark', 'value', 'limit', 'unit', 'ratio', 'required', ''] as const;

/** The results as a table for people, one line each. */
export function table(results: readonly Judged[]): string {
  const rows = results.map((result) => [
    result.name,
    figure(result.value),
    figure(result.limit),
    result.unit,
    result.ratio.toFixed(2),
    result.required.toFixed(2),
    result.ratio >= result.required ? 'reached' : 'NOT REACHED',
  ]);
  const lines = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]): string =>
    line
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  return lines.map((line) => text(line).trimEnd()).join('\n');
}

function isNumber(column: number): boolean {
  return ['value', 'limit', 'ratio', 'required'].includes(COLUMNS[column] ?? '');
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}
