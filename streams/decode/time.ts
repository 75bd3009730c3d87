const MICROS_PER_SECOND = 1_000_000;
const MILLIS_PER_SECOND = 1_000;
const FORM = /^\d{4}-\d{2}-\d{2}[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|\+00:00)?$/;
const FRACTION_AT = '2026-11-23T01:46:23'.length;
const ZERO = '0'.charCodeAt(0);
const DAYS_KEPT = 64;

const days = new Map<string, number>();

/**
 * Reads the UTC times of OpenStack in microseconds since 1970: `2026-11-23 01:46:23.915128` (oslo envelopes; the fraction is
 * left out when it is zero), `2026-11-23T01:46:23Z` (nova payloads), `2026-11-23T01:46:23.000000` (nova's API). NaN when the
 * text is none of these.
 */
export function parseTime(text: string): number {
  if (!FORM.test(text)) return Number.NaN;
  const time = digits(text, 11, 13) * 3600 + digits(text, 14, 16) * 60 + digits(text, 17, 19);
  const micros = text[FRACTION_AT] === '.' ? digits(text, FRACTION_AT + 1, FRACTION_AT + 7) : 0;
  return (dayStart(text.slice(0, 10)) + time) * MICROS_PER_SECOND + micros;
}

/** The number that stands there; as if zeros came after digits that end before. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  let at = from;
  for (; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    number = number * 10 + digit;
  }
  return number * 10 ** (to - at);
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
