/** What can go wrong between Vigil and an OpenStack API, each with what an operator can do about it. */
export const API_FAILURES = {
  unreachable: 'Check the address, and that the service runs and can be reached from here.',
  timeout: 'The service is overloaded or cut off; look at its log, or raise the time-out.',
  tls: 'Name the authority that signed its certificate (cacert), or mend the certificate.',
  unauthorized: 'Check user, password or application credential, project and domains.',
  forbidden: 'The user needs the admin role: Vigil reads the servers of all projects and where they run.',
  'not-found': 'Check the endpoint: something else may answer at this address.',
  refused: 'This is a fault of the request; report it, with the request id.',
  busy: 'The service limits how often it may be asked: raise its limit, or lower the concurrency.',
  'server-error': 'Look for the request id in the log of the service.',
  unreadable: 'Something between here and the service may cut answers short, or answer in its place (a proxy?).',
  'too-large': 'Lower the page size.',
  redirected: 'Use the address it leads to as the endpoint.',
  'no-endpoint': 'Correct region and interface, or give the endpoint itself.',
  'too-old': 'Vigil needs a newer release of this service.',
  configuration: 'Correct the configuration.',
  aborted: 'Nothing: it was stopped on purpose.',
} as const;

export type ApiFailure = keyof typeof API_FAILURES;

interface Details {
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** The request id that the service answered with. */
  readonly requestId?: string;
  /** Another advice than that of the failure. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/**
 * A failure to get something of an OpenStack API. The message is one line: what failed, where, why, what to do. It holds no
 * secrets: neither headers, nor request bodies, nor queries.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly failure: ApiFailure;
  readonly status: number | null;
  readonly requestId: string | null;
  /** The reason alone. */
  readonly why: string;

  /** `what` and `why` are parts of a sentence: `GET /servers/detail at http://nova:8774/v2.1`, `503 after 4 tries`. */
  constructor(failure: ApiFailure, what: string, why: string, details: Details = {}) {
    const request = details.requestId === undefined ? '' : ` (${details.requestId})`;
    const advice = details.advice ?? API_FAILURES[failure];
    super(`${what} failed: ${why}${request}. ${advice}`, details.cause === undefined ? {} : { cause: details.cause });
    this.failure = failure;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.why = why;
  }
}

/** Whether an error is a failure of an API of one of these kinds. */
export function isApiError(error: unknown, ...failures: readonly ApiFailure[]): error is ApiError {
  return error instanceof ApiError && (failures.length === 0 || failures.includes(error.failure));
}
