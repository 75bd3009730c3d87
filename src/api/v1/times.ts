import type { Fault } from './fault.ts';
import { pythonValue } from './python-text.ts';

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** A moment in milliseconds since 1970; without an offset it is meant in this machine's zone. Null for what is none. */
export function readTime(text: string): number | null {
  const [, date, time = '00:00', offset = ''] = TIME.exec(text.trim()) ?? [];
  if (date === undefined) return null;
  const millis = Date.parse(
    `${date}T${time}${/^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase()}`,
  );
  return Number.isNaN(millis) ? null : millis;
}

/** The same of an attribute, as null or a time. Throws what `refuse` makes of the problem. */
export function timeOf(value: unknown, refuse: (problem: string) => Fault): number | null {
  if (value === null || value === undefined) return null;
  const millis = typeof value === 'string' ? readTime(value) : null;
  if (millis === null) throw refuse(`Unknown string format: ${pythonValue(value)}`);
  return millis;
}
/** A time as stored resources show it: ISO 8601 in whole seconds, with the offset of UTC. */
export function isoSeconds(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}+00:00`;
}

export function isoSecondsOrNull(millis: number | null): string | null {
  return millis === null ? null : isoSeconds(millis);
}

/** A time as schedules show it: in UTC, and without saying so. */
export function plainTimeOrNull(millis: number | null): string | null {
  return millis === null ? null : new Date(millis).toISOString().slice(0, 19);
}
