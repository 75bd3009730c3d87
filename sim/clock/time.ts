/** A time in microseconds since 1970, whole. */
export type Micros = number;

/** A second in microseconds. */
export const SECOND: Micros = 1_000_000;
/** A millisecond in microseconds. */
export const MILLISECOND: Micros = 1_000;

/** Texts of seconds are kept, since the same ones come again and again; up to so many. */
const KEPT = 50_000;
const texts = new Map<number, string>();

/** `2026-11-23T01:46:23`, of a whole second since 1970. */
function secondText(second: number): string {
  let text = texts.get(second);
  if (text === undefined) {
    text = new Date(second * 1000).toISOString().slice(0, 19);
    if (texts.size >= KEPT) texts.clear();
    texts.set(second, text);
  }
  return text;
}

/** As nova's versioned payloads write a time: `2026-11-23T01:46:23Z`. */
export function isoSecond(second: number): string {
  return `${secondText(second)}Z`;
}

/** As nova's API writes the times that it does not zone: `2026-11-23T01:46:23.000000`. */
export function isoMicros(time: Micros): string {
  return `${secondText(Math.floor(time / SECOND))}.${fraction(time)}`;
}

/** As oslo.messaging stamps an envelope: `str()` of a Python datetime, which leaves out a fraction of zero. */
export function envelopeTime(time: Micros): string {
  const text = secondText(Math.floor(time / SECOND)).replace('T', ' ');
  return time % SECOND === 0 ? text : `${text}.${fraction(time)}`;
}

function fraction(time: Micros): string {
  return String(time % SECOND).padStart(6, '0');
}
