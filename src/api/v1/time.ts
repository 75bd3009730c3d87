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
