import { envelopeTime, isoMicros, type Micros } from '../clock/time.ts';
import type { Actor } from '../state/types.ts';
import { contextText, type Wire } from './context.ts';

/** One notification as it leaves nova, before it is put in an envelope. */
export interface Emission {
  readonly eventType: string;
  /** `nova-compute:compute-0001` */
  readonly publisherId: string;
  readonly priority: 'INFO' | 'ERROR';
  /** The payload as JSON text. */
  readonly payload: string;
  /** When it was sent, by the sender's clock. */
  readonly time: Micros;
  readonly messageId: string;
  readonly uniqueId: string;
  readonly requestId: string;
  readonly actor: Actor | null;
}

/** The notification topic's suffix: oslo.messaging publishes each priority on its own. */
export function topicOf(emission: Emission): 'versioned_notifications.info' | 'versioned_notifications.error' {
  return emission.priority === 'ERROR' ? 'versioned_notifications.error' : 'versioned_notifications.info';
}

/**
 * The message's bytes, exactly as oslo.messaging's driver for that transport writes them: a JSON object with the message
 * as JSON in a string. (The Kafka driver keeps the context whole and adds no `_unique_id`.)
 */
export function encode(emission: Emission, wire: Wire): Buffer {
  const context = contextText(emission.actor, wire);
  const time = envelopeTime(emission.time);
  const message =
    `{"message_id": "${emission.messageId}", "publisher_id": "${emission.publisherId}", ` +
    `"event_type": "${emission.eventType}", "priority": "${emission.priority}", "payload": ${emission.payload}, ` +
    `"timestamp": "${time}", ` +
    (wire === 'rabbit' ? `"_unique_id": "${emission.uniqueId}", ` : '"_context": {') +
    context.head +
    emission.requestId +
    context.middle +
    isoMicros(emission.time) +
    context.tail +
    (wire === 'rabbit' ? '}' : '}}');
  return Buffer.from(`{"oslo.version": "2.0", "oslo.message": ${JSON.stringify(message)}}`, 'latin1');
}
