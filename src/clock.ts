/** This process's time in microseconds since 1970, as the model counts time. */
export function microsNow(): number {
  return Date.now() * 1000;
}

/** This process's time in seconds since 1970, as samples count time. */
export function secondsNow(): number {
  return Date.now() / 1000;
}
