import { createHash } from 'node:crypto';
import { parseTime } from '../decode/time.ts';
import type { Origin, RawMessage } from '../source.ts';

/**
 * The lines of a recording: `vigil record` writes the first kind, one JSON object a line. The body is kept exactly, as
 * text where the bytes are UTF-8 and as base64 where they are not.
 */
export type RecordLine =
  | {
      readonly kind: 'message';
      readonly body: Uint8Array;
      /** As the transport told it, undefined where the line names no transport known here. */
      readonly origin: Origin | undefined;
      /** When the recorder received it, in milliseconds since 1970. */
      readonly arrived: number | undefined;
    }
  /** The recorder says something about itself: that it lost or regained its connection. */
  | { readonly kind: 'marker'; readonly text: string }
  /** Not a record: the line itself is the body. */
  | { readonly kind: 'bare' };

/** One line, without its end, that says everything about a message: the `seq`-th of its recording, counted from 1. */
export function formatRecord(message: RawMessage, seq: number): string {
  const { body, origin, arrived } = message;
  const when = Math.round(arrived);
  const rest = {
    ...describeOrigin(origin),
    body_length: body.byteLength,
    body_sha256: createHash('sha256').update(body).digest('hex'),
    ...encodeBody(body),
  };
  // Nanoseconds do not fit a JavaScript number, so they are put in as text.
  const head = `{"seq":${seq},"arrived":"${isoMicros(when)}","arrived_ns":${when}000000,`;
  return head + JSON.stringify(rest).slice(1);
}

/** One line, without its end, by which a recorder says something about itself at a time in milliseconds since 1970. */
export function formatMarker(text: string, at: number): string {
  return `{"marker":${JSON.stringify(text)},"at_ns":${Math.round(at)}000000}`;
}

/** Reads one parsed line; whatever is neither a record nor a marker is taken for a bare body. */
export function readRecord(line: unknown): RecordLine {
  if (!isObject(line)) return { kind: 'bare' };
  if (typeof line.marker === 'string') return { kind: 'marker', text: line.marker };
  const body = decodeBody(line);
  if (body === undefined) return { kind: 'bare' };
  return { kind: 'message', body, origin: readOrigin(line), arrived: readArrived(line) };
}

/** AMQP's properties: the names amqplib uses and those of the record format. */
const PROPERTY_NAMES: readonly (readonly [amqplib: string, record: string])[] = [
  ['contentType', 'content_type'],
  ['contentEncoding', 'content_encoding'],
  ['headers', 'application_headers'],
  ['deliveryMode', 'delivery_mode'],
  ['priority', 'priority'],
  ['correlationId', 'correlation_id'],
  ['replyTo', 'reply_to'],
  ['expiration', 'expiration'],
  ['messageId', 'message_id'],
  ['timestamp', 'timestamp'],
  ['type', 'type'],
  ['userId', 'user_id'],
  ['appId', 'app_id'],
  ['clusterId', 'cluster_id'],
];

function describeOrigin(origin: Origin): Record<string, unknown> {
  switch (origin.transport) {
    case 'amqp':
      return {
        transport: 'amqp',
        exchange: origin.exchange,
        routing_key: origin.routingKey,
        redelivered: origin.redelivered,
        properties: rename(origin.properties, ([from, to]) => [from, to]),
      };
    case 'kafka':
      return {
        transport: 'kafka',
        topic: origin.topic,
        partition: origin.partition,
        offset: Number(origin.offset),
        timestamp: [CREATE_TIME, Number(origin.timestamp)],
        key: origin.key,
        headers: Object.entries(origin.headers),
      };
    case 'recording':
      return { transport: 'recording', file: origin.file, line: origin.line };
    case 'simulator':
      return { transport: 'simulator' };
  }
}

/** Kafka's timestamp type of everything oslo.messaging produces. */
const CREATE_TIME = 1;

function readOrigin(line: Record<string, unknown>): Origin | undefined {
  if (line.transport === 'amqp') {
    return {
      transport: 'amqp',
      exchange: String(line.exchange),
      routingKey: String(line.routing_key),
      redelivered: line.redelivered === true,
      properties: isObject(line.properties) ? rename(line.properties, ([to, from]) => [from, to]) : {},
    };
  }
  if (line.transport === 'kafka') {
    const timestamp = Array.isArray(line.timestamp) ? line.timestamp[1] : line.timestamp;
    return {
      transport: 'kafka',
      topic: String(line.topic),
      partition: Number(line.partition),
      offset: String(line.offset),
      timestamp: String(timestamp),
      key: typeof line.key === 'string' ? line.key : null,
      headers: readHeaders(line.headers),
    };
  }
  return undefined;
}

function readHeaders(headers: unknown): Record<string, string> {
  if (!Array.isArray(headers)) return {};
  const pairs = headers.filter((pair): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2);
  return Object.fromEntries(pairs.map(([name, value]) => [String(name), String(value)]));
}

function readArrived(line: Record<string, unknown>): number | undefined {
  const arrived = typeof line.arrived === 'string' ? parseTime(line.arrived) / 1000 : Number.NaN;
  return Number.isNaN(arrived) ? undefined : arrived;
}

function rename(
  properties: Readonly<Record<string, unknown>>,
  direction: (pair: readonly [string, string]) => readonly [string, string],
): Record<string, unknown> {
  const pairs = PROPERTY_NAMES.map(direction).map(([from, to]) => [to, properties[from]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function encodeBody(body: Uint8Array): { body: string } | { body_base64: string } {
  try {
    return { body: utf8.decode(body) };
  } catch {
    return { body_base64: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64') };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeBody(line: Record<string, unknown>): Uint8Array | undefined {
  if (typeof line.body === 'string') return Buffer.from(line.body, 'utf8');
  if (typeof line.body_base64 === 'string') return Buffer.from(line.body_base64, 'base64');
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isoMicros(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000+00:00`;
}
