/** How durations are written: `90s`, `2m`, `1.5h`. */
export const DURATION_PATTERN = '^\\d{1,9}(\\.\\d{1,6})?(ms|s|m|h|d)$';
export const DURATION_FORM = 'a duration such as 30s, 2m, 1.5h or 30d, or a number of seconds';

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of what {@link DURATION_PATTERN} matches, or of a number of them. */
export function parseDuration(given: string | number): number {
  if (typeof given === 'number') return given;
  const [, amount = '', unit = ''] = /^([\d.]+)([a-z]+)$/.exec(given) ?? [];
  return Number(amount) * (SECONDS[unit] ?? Number.NaN);
}

const UNITS = ['d', 'h', 'm', 's'] as const;

/** Seconds in the greatest unit of which they are a whole number. */
export function formatDuration(seconds: number): string {
  const unit = UNITS.find((name) => seconds > 0 && Number.isInteger(seconds / (SECONDS[name] ?? 1))) ?? 's';
  return `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}
