import { isUtf8 } from 'node:buffer';
import { MAX_ID_LENGTH } from '../../model/element.ts';
import { parseTime } from './time.ts';
import { Undecodable } from './undecodable.ts';

/** A decoded notification. Payload fields are those of the versioned object's `nova_object.data`. */
export interface Notification {
  /** Unique to the message; the same when it is sent again. */
  readonly id: string;
  /** `service:host`, e.g. `nova-compute:host1`. The host is the sender's, not always the instance's. */
  readonly publisher: string;
  readonly event: string;
  /** When it was sent, by the sender's clock, in microseconds since 1970. */
  readonly time: number;
  /** The payload as it came; read versioned objects in it with {@link dataOf}. */
  readonly payload: unknown;
}

/** JSON objects as they come from outside: look fields up, never trust them. */
export type Fields = { readonly [key: string]: unknown };

/** nova's largest messages are some tens of kilobytes; what is beyond this is not one of them. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** The longest is a publisher id: a service's name and a host's, for which nova's columns have 255 characters. */
const MAX_TEXT = 'nova-conductor:'.length + MAX_ID_LENGTH;
/** How much of a value is quoted in a reason: of each text and of the whole, of a list or an object, and how deep. */
const QUOTED = { length: 80, items: 10, depth: 3 } as const;

/** The fields of a message that a notification is made of, in the order in which oslo.messaging writes them. */
export const MESSAGE_FIELDS = ['message_id', 'publisher_id', 'event_type', 'payload', 'timestamp'] as const;
export const LAST_FIELD: (typeof MESSAGE_FIELDS)[number] = 'timestamp';

/**
 * Decodes an oslo.messaging notification: `{"oslo.version", "oslo.message": "<JSON>"}`, or the inner message bare.
 * Unknown fields are left alone. Throws {@link Undecodable}.
 */
export function decodeEnvelope(body: Uint8Array): Notification {
  if (body.length > MAX_BODY_BYTES)
    throw new Undecodable('too-large', `${body.length} bytes, at most ${MAX_BODY_BYTES}`);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) throw new Undecodable('not-text', 'the body is not UTF-8');
  const outer = parseObject(bytes.toString('utf8'), 'body');
  const inner = outer['oslo.message'];
  const message = typeof inner === 'string' ? parseObject(inner, 'oslo.message') : isFields(inner) ? inner : outer;
  return notificationOf(message);
}

/** Reads the message in an envelope. Throws {@link Undecodable}. */
export function notificationOf(message: Fields): Notification {
  const event = envelopeText(message, 'event_type');
  const stamp = envelopeText(message, 'timestamp');
  const time = parseTime(stamp);
  if (Number.isNaN(time)) throw new Undecodable('not-an-envelope', `timestamp is not a time: ${quote(stamp)}`);
  return {
    id: envelopeText(message, 'message_id'),
    publisher: envelopeText(message, 'publisher_id'),
    event,
    time,
    payload: message.payload,
  };
}

/** The fields of a versioned object. Throws {@link Undecodable} when it is none. */
export function dataOf(value: unknown, where: string): Fields {
  const data = isFields(value) ? value['nova_object.data'] : undefined;
  if (!isFields(data)) throw new Undecodable('bad-field', `${where} is not a versioned nova object: ${quote(value)}`);
  return data;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was found, short enough for a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(excerpt(value, QUOTED.depth)) ?? 'nothing';
  return text.length <= QUOTED.length ? text : `${text.slice(0, QUOTED.length)}…`;
}

/** The beginning of a value of any size and depth: JSON.stringify overflows the stack on what JSON.parse can read. */
function excerpt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, QUOTED.length);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, QUOTED.items).map((item) => excerpt(item, depth - 1));
  const entries = Object.entries(value).slice(0, QUOTED.items);
  return Object.fromEntries(entries.map(([key, field]) => [key.slice(0, QUOTED.length), excerpt(field, depth - 1)]));
}

function parseObject(text: string, what: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Undecodable('not-json', `${what}: ${(error as Error).message}`);
  }
  if (!isFields(value)) throw new Undecodable('not-an-envelope', `${what} is not an object: ${quote(value)}`);
  return value;
}

function envelopeText(message: Fields, field: string): string {
  const value = message[field];
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT) return value;
  throw new Undecodable('not-an-envelope', `${field} is not a text of 1 to ${MAX_TEXT} characters: ${quote(value)}`);
}
