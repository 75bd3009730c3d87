import type { Fact, Value } from '../../../model/fact.ts';
import type { Reading, Stamp } from '../../../streams/reading/read.ts';
import { stampOf } from '../../../streams/reading/read.ts';
import { AFTERWARDS } from '../replayed.ts';

/** 23 November 2026, 10:00, in µs. */
export const TEN = Date.UTC(2026, 10, 23, 10) * 1000;
export const SECOND = 1_000_000;

/** The stamp of an answer to a request sent at a time (µs) that took a while. */
export function stampAt(sent: number, options: { readonly took?: number; readonly now?: number } = {}): Stamp {
  const reading: Reading = { request: 'GET /servers/detail', id: `req-${sent}`, endpoint: 'http://nova/v2.1', sent };
  return stampOf(reading, sent + (options.took ?? 0), options.now ?? AFTERWARDS);
}

/** Facts as register → value. */
export function valuesOf(facts: readonly Fact[]): Record<string, Value | undefined> {
  return Object.fromEntries(facts.map(({ register, value }) => [register, value]));
}

/** A notification's body, as oslo.messaging sends it. */
export function bodyOf(event: string, time: number, data: Record<string, unknown>, publisher = 'nova-api:api'): Buffer {
  const message = {
    message_id: `${event}-${time}`,
    publisher_id: publisher,
    event_type: event,
    timestamp: new Date(time / 1000).toISOString().replace('T', ' ').replace('Z', ''),
    payload: { 'nova_object.data': data },
  };
  return Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) }));
}
