const MICROS_PER_MILLI = 1_000;
/** The last moment a JavaScript date can be. */
const LAST_MILLI = 8_640_000_000_000_000;

/** A time of the model (µs since 1970) as ISO 8601, to the microsecond, as nova writes its own. */
export function isoTime(micros: number): string {
  const millis = Math.min(Math.floor(micros / MICROS_PER_MILLI), LAST_MILLI);
  const rest = String(Math.floor(micros) % MICROS_PER_MILLI).padStart(3, '0');
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`;
}
