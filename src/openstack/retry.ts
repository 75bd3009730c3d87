/** How a request is tried again. Times in milliseconds. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly tries: number;
  /** The longest wait before the second try; doubled with each further one. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** A `Retry-After` beyond this is not waited for. */
  readonly longestAsked: number;
}

export const RETRY: RetryPolicy = { tries: 4, firstDelay: 500, longestDelay: 15_000, longestAsked: 60_000 };

const RETRIED = new Set([429, 500, 502, 503, 504]);

/** Whether an answer of this status may be another one next time. */
export function isRetried(status: number): boolean {
  return RETRIED.has(status);
}

/**
 * How long to wait after a try (the first is 1), null when it is better to give up. A wait is drawn from the whole range
 * up to its bound, so that many that failed together do not come back together. `asked`: what the server wants.
 */
export function retryDelay(policy: RetryPolicy, tried: number, asked: number | null, random: number): number | null {
  if (tried >= policy.tries) return null;
  const bound = Math.min(policy.firstDelay * 2 ** (tried - 1), policy.longestDelay);
  const drawn = bound * random;
  if (asked === null) return drawn;
  return asked > policy.longestAsked ? null : asked + drawn;
}

/** Reads a `Retry-After` header, seconds or a date, as milliseconds from `now` (ms); null when there is none to be read. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
