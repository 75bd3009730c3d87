import { STATUS_CODES } from 'node:http';

/** What cannot be routed, or asks for a version that is not served. */
export class RoutingError extends Error {
  override readonly name = 'RoutingError';
  readonly status: 404 | 405 | 406;

  /** `description` is for people; empty where the status says it all. */
  constructor(status: 404 | 405 | 406, description = '') {
    super(description);
    this.status = status;
  }
}

const EXPLANATIONS = {
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  406: 'The resource could not be generated that was acceptable to your browser.',
} as const;

/** The body of such an error; its text is JSON, a page or plain, by what the client says it accepts. */
export function routingErrorBody(
  { status, message }: RoutingError,
  accept: string | undefined,
): { readonly error_message: string } {
  const title = STATUS_CODES[status] ?? '';
  if (asksForJson(accept)) return { error_message: JSON.stringify({ code: status, title, description: message }) };
  const explanation = message === '' ? EXPLANATIONS[status] : message;
  if (accept === undefined) return { error_message: `${status} ${title}\n\n${explanation}\n` };
  const text = escaped(explanation);
  return {
    error_message: `<html>\n <head>\n  <title>${status} ${title}</title>\n </head>\n <body>\n  <h1>${status} ${title}</h1>\n  ${text}\n </body>\n</html>\n`,
  };
}

/** Whether JSON is accepted by name. */
function asksForJson(accept: string | undefined): boolean {
  return /\bapplication\/(json|[\w.+-]*\+json)\b/i.test(accept ?? '');
}

/** Whether an answer in JSON is accepted at all; without the header everything is. */
export function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || accept.trim() === '' || asksForJson(accept) || /\*\/\*|application\/\*/.test(accept);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
