/**
 * The place of a change in a cloud's stream: `epoch-seq`. Within an epoch seq grows by one with every change; a store
 * that lost data begins a greater epoch, so revisions never go back. The form is that of a Redis stream id.
 */
export type Revision = `${number}-${number}`;

/** Before the first change of any epoch. */
export const NO_REVISION: Revision = '0-0';

export function makeRevision(epoch: number, seq: number): Revision {
  return `${epoch}-${seq}`;
}

/** Splits a revision; null when the text is not one (such as a client's `Last-Event-ID`). */
export function parseRevision(text: string): { epoch: number; seq: number } | null {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match === null ? null : { epoch: Number(match[1]), seq: Number(match[2]) };
}

/** Negative when a comes before b, zero when they are the same, positive when it comes after. */
export function compareRevisions(a: Revision, b: Revision): number {
  if (a === b) return 0;
  const left = parseRevision(a);
  const right = parseRevision(b);
  if (left === null || right === null) throw new TypeError(`not revisions: ${a}, ${b}`);
  return left.epoch - right.epoch || left.seq - right.seq;
}
