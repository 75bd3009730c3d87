/** What an API answers when it cannot do what was asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** 400: what was asked makes no sense. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message);
}

/** 403: one may not. */
export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

/** 404: there is no such thing. */
export function notFound(message: string): ApiError {
  return new ApiError(404, message);
}

/** 409: not in this state. */
export function conflict(message: string): ApiError {
  return new ApiError(409, message);
}

const COMPUTE_FAULTS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
};

/** The body of an error as nova, placement or keystone writes it. */
export function errorBody(service: 'compute' | 'placement' | 'identity', error: ApiError, requestId: string): object {
  const { status, message } = error;
  const title = TITLES[status] ?? 'Internal Server Error';
  if (service === 'compute' && status !== 401) {
    return { [COMPUTE_FAULTS[status] ?? 'computeFault']: { code: status, message } };
  }
  if (service === 'placement' && status !== 401) {
    return { errors: [{ status, title, detail: `${message}\n\n   `, request_id: requestId }] };
  }
  return { error: { code: status, message, title } };
}
