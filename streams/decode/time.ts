const MICROS_PER_SECOND = 1_000_000;
const MILLIS_PER_SECOND = 1_000;
const FORM = /^(\d{4}-\d{2}-\d{2})[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6})\d*)?(?:Z|\+00:00)?$/;
const DAYS_KEPT = 64;

const days = new Map<string, number>();

/**
 * Reads the UTC times of OpenStack in microseconds since 1970: `2026-11-23 01:46:23.915128` (oslo envelopes; the fraction is
 * left out when it is zero), `2026-11-23T01:46:23Z` (nova payloads), `2026-11-23T01:46:23.000000` (nova's API). NaN when the
 * text is none of these.
 */
export function parseTime(text: string): number {
  const match = FORM.exec(text);
  if (match === null) return Number.NaN;
  const [, date, hours, minutes, seconds, fraction] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const micros = fraction === undefined ? 0 : Number(fraction.padEnd(6, '0'));
  return (dayStart(date) + time) * MICROS_PER_SECOND + micros;
}

/** Midnight of a date in seconds since 1970, remembered: a stream names few days. NaN for a date that no calendar has. */
function dayStart(date: string): number {
  const known = days.get(date);
  if (known !== undefined) return known;
  const midnight = new Date(`${date}T00:00:00Z`);
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date); // not March for February 30th
  const start = exists ? midnight.getTime() / MILLIS_PER_SECOND : Number.NaN;
  if (days.size >= DAYS_KEPT) days.clear();
  days.set(date, start);
  return start;
}

const NORMAL_LENGTH = '2026-11-23T01:46:23Z'.length;

/** The time in the form nova's payloads have it, to the second; null for null or unreadable text. */
export function normalTime(text: string | null): string | null {
  const micros = text === null ? Number.NaN : parseTime(text);
  if (text === null || Number.isNaN(micros)) return null;
  if (text.length === NORMAL_LENGTH && text.includes('T')) return text;
  return `${new Date(Math.floor(micros / MICROS_PER_SECOND) * MILLIS_PER_SECOND).toISOString().slice(0, 19)}Z`;
}
