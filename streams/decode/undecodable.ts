/** Why a message could not be used; each with what an operator can make of it. */
export const UNDECODABLE = {
  'too-large': 'the message is larger than Vigil reads',
  'not-text': 'the body is not UTF-8 text',
  'not-json': 'the body, or the oslo.message in it, is not JSON (cut off on its way?)',
  'not-an-envelope': 'this is no oslo.messaging notification: is something else published on this exchange or topic?',
  'bad-field': 'a field that the model needs is missing or of the wrong type: a nova version Vigil does not know yet?',
} as const;

export type UndecodableReason = keyof typeof UNDECODABLE;

/** A message that cannot be used. It becomes a dead letter: kept aside with this reason, counted, never retried. */
export class Undecodable extends Error {
  readonly reason: UndecodableReason;

  constructor(reason: UndecodableReason, detail: string) {
    super(detail);
    this.name = 'Undecodable';
    this.reason = reason;
  }
}
