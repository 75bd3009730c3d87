import { endsWhole, standsAt } from './bytes.ts';
import { hashOn } from './name-filter.ts';

/**
 * What stands before each of the texts with which every notification begins as oslo.messaging writes it. It is fixed, so
 * that no field of a payload can be taken for the event type.
 */
const BEFORE_ID = Buffer.from('{"oslo.version": "2.0", "oslo.message": "{\\"message_id\\": \\"');
const BEFORE_PUBLISHER = Buffer.from('\\", \\"publisher_id\\": \\"');
const BEFORE_EVENT = Buffer.from('\\", \\"event_type\\": \\"');
const CLOSING = Buffer.from('\\"');

const MAX_LENGTH = 255;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const EVENT = /^[a-z0-9_.]+$/;

/** Event types that were seen, by their hash: there are few, each in many messages. */
const seen = new Map<number, string>();
const MAX_SEEN = 1_000;

/**
 * The event type of a message in oslo.messaging's own writing, without parsing it: most notifications claim nothing, and
 * need not be parsed to be passed over. Null when it is written otherwise, or cut off: then it must be decoded.
 */
export function peekEvent(body: Uint8Array): string | null {
  if (!endsWhole(body)) return null;
  const idEnd = textEnd(body, 0, BEFORE_ID);
  const publisherEnd = textEnd(body, idEnd, BEFORE_PUBLISHER);
  const end = textEnd(body, publisherEnd, BEFORE_EVENT);
  if (idEnd === 0 || publisherEnd === 0 || end === 0 || !standsAt(body, end, CLOSING)) return null;
  return eventAt(body, publisherEnd + BEFORE_EVENT.length, end);
}

/** Where the text ends that stands after `before`; 0 when `before` does not stand there, or no plain text does after it. */
function textEnd(body: Uint8Array, at: number, before: Uint8Array): number {
  if (!standsAt(body, at, before)) return 0;
  const begin = at + before.length;
  let end = begin;
  while (body[end] !== BACKSLASH) {
    if (body[end] === QUOTE || end - begin === MAX_LENGTH || end >= body.length) return 0;
    end += 1;
  }
  return end === begin ? 0 : end;
}

function eventAt(body: Uint8Array, begin: number, end: number): string | null {
  let hash = 0;
  for (let at = begin; at < end; at++) hash = hashOn(hash, body[at] ?? 0);
  const known = seen.get(hash);
  if (known !== undefined && isText(body, begin, end, known)) return known;
  const event = Buffer.from(body.buffer, body.byteOffset + begin, end - begin).toString('latin1');
  if (!EVENT.test(event)) return null;
  if (seen.size < MAX_SEEN) seen.set(hash, event);
  return event;
}

function isText(body: Uint8Array, begin: number, end: number, text: string): boolean {
  if (text.length !== end - begin) return false;
  for (let i = 0; i < text.length; i++) if (body[begin + i] !== text.charCodeAt(i)) return false;
  return true;
}
