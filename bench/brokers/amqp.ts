import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import type { Publisher } from './publisher.ts';

export interface AmqpPublisher extends Publisher {
  /** Publishes so many a second. */
  pace(bodies: readonly Buffer[], perSecond: number): Promise<void>;
}

const ROUTING_KEY = 'versioned_notifications.info';
const TICK_MS = 2;
const MILLIS_PER_SECOND = 1_000;

/** The header in which a message says when it was sent, see {@link now}. */
export const SENT = 'sent';

/** Milliseconds since 1970 with fractions, the same for all processes of this machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Publishes to an exchange, which is made as nova makes its own. */
export async function publishToAmqp(url: string, exchange: string): Promise<AmqpPublisher> {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await channel.assertExchange(exchange, 'topic', { durable: false });
  const send = (body: Buffer): void => {
    const properties = { contentType: 'application/json', deliveryMode: 2, headers: { [SENT]: now() } };
    channel.publish(exchange, ROUTING_KEY, body, properties);
  };
  return {
    async publish(bodies) {
      for (const body of bodies) send(body);
      await channel.waitForConfirms();
    },
    async pace(bodies, perSecond) {
      const start = performance.now();
      for (let sent = 0; sent < bodies.length; await sleep(TICK_MS)) {
        const due = Math.ceil(((performance.now() - start) * perSecond) / MILLIS_PER_SECOND);
        for (const body of bodies.slice(sent, due)) send(body);
        sent = Math.max(sent, due);
      }
      await channel.waitForConfirms();
    },
    close: () => connection.close(),
  };
}
