import type { ChannelModel } from 'amqplib';
import { firstValueFrom, from, switchMap } from 'rxjs';
import { connection$, withChannel } from './amqp-connection.ts';
import { explainAmqpError, replyCode } from './amqp-errors.ts';
import { type AmqpOptions, type AmqpSettings, amqpSettings } from './amqp-options.ts';

const NOT_FOUND = 404;

/** What stands on a broker, looked up without changing anything. */
export interface AmqpInspection {
  /** The broker that answered, without credentials. */
  readonly broker: string;
  readonly absentExchanges: readonly string[];
  /** Vigil's own queue; null when it was not made yet. */
  readonly queue: QueueInspection | null;
  readonly maxLength: number;
  /** The queues nova's publishers make for the topics themselves; those nobody reads grow without end. */
  readonly publishers: readonly QueueInspection[];
}

export interface QueueInspection {
  readonly name: string;
  readonly waiting: number;
  readonly consumers: number;
}

/** Looks a broker's queues and exchanges up. Throws an Error in one line, without credentials, when no broker can be used. */
export async function inspectAmqp(options: AmqpOptions): Promise<AmqpInspection> {
  const settings = amqpSettings(options);
  const problems: string[] = [];
  for (const broker of settings.brokers) {
    try {
      let closed: Promise<void> = Promise.resolve();
      const opened$ = connection$(broker, settings, (closing) => {
        closed = closing;
      });
      const found = await firstValueFrom(opened$.pipe(switchMap((connection) => from(look(connection, settings)))));
      await closed;
      return { broker: broker.label, maxLength: settings.queue.maxLength, ...found };
    } catch (error) {
      problems.push(explainAmqpError(error, broker, settings));
    }
  }
  throw new Error(problems.join('; '));
}

async function look(
  connection: ChannelModel,
  settings: AmqpSettings,
): Promise<Pick<AmqpInspection, 'absentExchanges' | 'queue' | 'publishers'>> {
  const absentExchanges: string[] = [];
  for (const exchange of settings.exchanges) {
    const there = await unlessAbsent(() => withChannel(connection, (channel) => channel.checkExchange(exchange)));
    if (there === null) absentExchanges.push(exchange);
  }
  const publishers: QueueInspection[] = [];
  for (const name of settings.topics.flatMap((topic) => [`${topic}.info`, `${topic}.error`])) {
    const queue = await queueOf(connection, name);
    if (queue !== null) publishers.push(queue);
  }
  return { absentExchanges, publishers, queue: await queueOf(connection, settings.queue.name) };
}

async function queueOf(connection: ChannelModel, name: string): Promise<QueueInspection | null> {
  const found = await unlessAbsent(() => withChannel(connection, (channel) => channel.checkQueue(name)));
  return found === null ? null : { name, waiting: found.messageCount, consumers: found.consumerCount };
}

async function unlessAbsent<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (replyCode(error) === NOT_FOUND) return null;
    throw error;
  }
}
