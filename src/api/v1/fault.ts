import type { ErrorContext } from '../../errors.ts';

/** What this API answers when a request is refused: HTTP status and the text that clients show (and sometimes look at). */
interface FaultKind {
  readonly status: number;
  readonly text: string;
}

/** Every refusal of API v1, in the words its clients know. `{name}` stands for a value of the context. */
export const FAULTS = {
  'not-found': { status: 404, text: '{kind} {id} could not be found' },
  'service-not-found': { status: 404, text: 'The service {id} cannot be found.' },
  'data-model-not-found': { status: 404, text: 'The {type} data model could not be found' },
  'nothing-below': { status: 404, text: 'There is nothing below {kind} {id}' },
  forbidden: { status: 403, text: "Policy doesn't allow {rule} to be performed." },
  'unknown-argument': { status: 400, text: 'Unknown argument: "{name}"' },
  'missing-argument': { status: 400, text: 'Missing argument: "{name}"' },
  'unknown-attribute': { status: 400, text: 'Unknown attribute for argument {argument}: {attribute}' },
  'invalid-input': { status: 400, text: "Invalid input for field/attribute {field}. Value: '{value}'. {problem}" },
  'not-json': { status: 400, text: 'Request is not in valid JSON format' },
  'form-body': { status: 400, text: 'A form cannot be read: send application/json' },
  'unknown-mimetype': { status: 415, text: 'Unknown mimetype: {type}' },
  'body-too-large': { status: 413, text: 'The body of the request is too large: at most {limit} bytes are read' },
  'limit-not-positive': { status: 400, text: 'Limit must be positive' },
  'invalid-sort-key': { status: 400, text: 'Invalid sort key: {key}' },
  'invalid-sort-direction': {
    status: 400,
    text: "Invalid sort direction: {direction}. Acceptable values are 'asc' or 'desc'",
  },
  'not-acceptable': { status: 406, text: 'Request not acceptable.' },
  'already-exists': { status: 409, text: 'An {kind} with UUID or name {id} already exists' },
  refused: { status: 400, text: '{problem}' },
  conflict: { status: 409, text: '{problem}' },
  'patch-failed': { status: 400, text: "Couldn't apply patch '{patch}'. Reason: {problem}" },
  'internal-attribute': { status: 400, text: "'{path}' is an internal attribute and can not be updated" },
  'not-allowed-attribute': { status: 400, text: "'{path}' is not an allowed attribute and can not be updated" },
  'mandatory-attribute': { status: 400, text: "'{path}' is a mandatory attribute and can not be removed" },
  unavailable: { status: 503, text: '{problem}' },
  internal: { status: 500, text: 'The service failed at request {request}; its log tells why' },
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof FAULTS;

/** The longest value that is quoted in a text: what was sent may be of any length. */
const QUOTED_LIMIT = 2_000;

/** A request that is refused in this API's own way. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly status: number;

  constructor(code: FaultCode, context: ErrorContext = {}) {
    const { status, text } = FAULTS[code];
    super(text.replace(/\{(\w+)\}/g, (_, name: string) => cut(String(context[name] ?? ''))));
    this.status = status;
  }
}

function cut(text: string): string {
  return text.length > QUOTED_LIMIT ? `${text.slice(0, QUOTED_LIMIT)}…` : text;
}

/** The body of a refusal: a JSON document in a text in a JSON document, which is how clients of this API read errors. */
export function faultBody(status: number, text: string): { readonly error_message: string } {
  const faultcode = status >= 500 ? 'Server' : 'Client';
  return { error_message: JSON.stringify({ faultcode, faultstring: text, debuginfo: null }) };
}
