import type { ApiFailure } from './errors.ts';

const MAX_QUOTED = 200;

/** What a status that is no success means. */
export function failureOfStatus(status: number): ApiFailure {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429) return 'busy';
  if (status >= 500) return 'server-error';
  if (status >= 300 && status < 400) return 'redirected';
  return 'refused';
}

/** What the service says of a failure, in a few words: the status and the message in nova's, keystone's or placement's form. */
export function faultIn(status: number, text: string, location: string | undefined): string {
  if (status >= 300 && status < 400 && location !== undefined)
    return `${status}, go to ${plain(location.split('?')[0] ?? '')}`;
  const message = messageIn(text);
  return message === null ? `status ${status}` : `${status} ${plain(message)}`;
}

/** The message of `{"itemNotFound": {"message"}}`, `{"error": {"message"}}` or `{"errors": [{"detail"}]}`. */
function messageIn(text: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof body !== 'object' || body === null) return null;
  const [first] = Object.values(body) as unknown[];
  const fault = (Array.isArray(first) ? first[0] : first) as { message?: unknown; detail?: unknown } | null | undefined;
  const message = fault?.message ?? fault?.detail;
  return typeof message === 'string' && message !== '' ? message : null;
}

/** On one line, and not too long. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_QUOTED ? line : `${line.slice(0, MAX_QUOTED)}…`;
}

/** Whether an answer of 404 is nova's own word that a thing is not there, and not that of something in between. */
export function isItemNotFound(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'itemNotFound' in body;
}
