import type { ChannelModel } from 'amqplib';
import { withChannel } from './amqp-connection.ts';
import { replyCode } from './amqp-errors.ts';
import type { AmqpSettings } from './amqp-options.ts';

const NOT_FOUND = 404;

/** What was found on the broker. */
export interface QueueState {
  /** The queue was not there and has been created. */
  readonly created: boolean;
  /** Messages in it that wait to be delivered. */
  readonly waiting: number;
  /** Exchanges that do not exist (yet), and that the queue is therefore not bound to. */
  readonly absent: readonly string[];
}

/** Declares Vigil's own queue and binds it to every exchange there is. Idempotent. */
export async function prepareQueue(connection: ChannelModel, settings: AmqpSettings): Promise<QueueState> {
  const existed = await found(connection, (channel) => channel.checkQueue(settings.queue.name));
  const waiting = await withChannel(connection, async (channel) => {
    const { name, type, expiresSeconds, maxLength } = settings.queue;
    const declared = await channel.assertQueue(name, {
      durable: true,
      arguments: {
        'x-queue-type': type,
        'x-expires': expiresSeconds * 1000,
        'x-max-length': maxLength,
        'x-overflow': 'drop-head',
      },
    });
    return declared.messageCount;
  });
  return { created: !existed, waiting, absent: await bindQueue(connection, settings) };
}

/**
 * Binds the queue to the topics of every exchange and returns the exchanges that are not there. An exchange is only ever
 * looked up: one that we created, with a durability that is not nova's, would be refused to nova.
 */
async function bindQueue(connection: ChannelModel, settings: AmqpSettings): Promise<string[]> {
  const absent: string[] = [];
  for (const exchange of settings.exchanges) {
    const there = await found(connection, async (channel) => {
      await channel.checkExchange(exchange);
      for (const topic of settings.topics) await channel.bindQueue(settings.queue.name, exchange, `${topic}.*`);
    });
    if (!there) absent.push(exchange);
  }
  return absent;
}

/** Whether what the work asks for is there: false if the broker answered that it is not. */
async function found(connection: ChannelModel, work: Parameters<typeof withChannel>[1]): Promise<boolean> {
  try {
    await withChannel(connection, work);
    return true;
  } catch (error) {
    if (replyCode(error) === NOT_FOUND) return false;
    throw error;
  }
}
