import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { Observable } from 'rxjs';
import type { Origin, RawMessage } from '../source.ts';
import { deletedWhileInUse } from './amqp-errors.ts';
import type { AmqpSettings } from './amqp-options.ts';
import type { QueueWatch } from './amqp-watch.ts';
import { type CreditWindow, Lane } from './window.ts';

/** The name of the consumer, of which a channel has one. */
const CONSUMER = 'vigil';

/**
 * How many messages the broker may send ahead. AMQP knows no limit in bytes: once large messages have filled the window, what
 * comes beyond goes back into the queue, and from then on so many are asked for as there is room for of that size.
 */
class Prefetch {
  readonly #window: CreditWindow;
  #reduced: number | null = null;
  #since = 0;

  constructor(window: CreditWindow) {
    this.#window = window;
  }

  get count(): number {
    return this.#reduced ?? this.#window.size;
  }

  /** The window is full of bodies like one of so many bytes. */
  reduce(bytes: number): void {
    this.#reduced = Math.max(1, Math.floor(this.#window.bytes / Math.max(1, bytes)));
    this.#since = 0;
  }

  /** One more came, and there is room left; true when messages have been small again for a whole window. */
  mayGrow(): boolean {
    if (this.#reduced === null) return false;
    this.#since += 1;
    if (this.#since < this.#window.size) return false;
    this.#reduced = null;
    return true;
  }
}

/**
 * Consumes the queue on one connection; errors when the broker ends that. Acknowledgements go to the broker as one for
 * the contiguous prefix. When unsubscribed, `onClosing` is given what resolves when the broker has had all of them.
 */
export function deliveries$(
  connection: ChannelModel,
  settings: AmqpSettings,
  window: CreditWindow,
  watch: QueueWatch,
  onClosing: (settled: Promise<void>) => void,
): Observable<RawMessage> {
  return new Observable((subscriber) => {
    const stop = new AbortController();
    let channel: Channel | undefined;
    let lane: Lane<ConsumeMessage> | undefined;
    const prefetch = new Prefetch(window);
    let held = false;
    let returned = 0;

    const consume = async (): Promise<void> => {
      const opened = await openChannel(connection, (refusal) => {
        lane?.close();
        if (refusal !== undefined) subscriber.error(refusal);
      });
      channel = opened;
      // The broker keeps to the window by itself, once the messages of the last connection are out of it.
      await window.drained(stop.signal);
      if (stop.signal.aborted) return;
      const messages = new Lane<ConsumeMessage>(window, (last) => {
        opened.ack(last, true);
        watch.acknowledged(last.fields.deliveryTag - returned);
      });
      lane = messages;
      const begin = async (): Promise<void> => {
        await opened.prefetch(prefetch.count);
        await opened.consume(settings.queue.name, take, { consumerTag: CONSUMER });
      };
      const beginAgain = async (): Promise<void> => {
        held = true;
        await opened.cancel(CONSUMER);
        await window.drained(stop.signal);
        held = false;
        if (!stop.signal.aborted) await begin();
      };
      const take = (message: ConsumeMessage | null): void => {
        // What still comes while the channel is being closed is delivered again to the next.
        if (stop.signal.aborted) return;
        if (message === null) {
          subscriber.error(new Error(deletedWhileInUse(settings.queue.name)));
          return;
        }
        if (held) {
          returned += 1;
          opened.nack(message, false, true);
          return;
        }
        watch.delivered(message.fields.deliveryTag - returned);
        subscriber.next(messages.message(message.content, originOf(message), message));
        if (!window.hasRoom) prefetch.reduce(message.content.length);
        else if (!prefetch.mayGrow()) return;
        beginAgain().catch((error) => subscriber.error(error));
      };
      await begin();
    };

    consume().catch((error) => subscriber.error(error));
    return () => {
      stop.abort();
      lane?.flush();
      lane?.close();
      onClosing(closeChannel(channel));
    };
  });
}

/** `onClosed` is given why the broker closed it; nothing when it went with its connection, which tells so itself. */
async function openChannel(connection: ChannelModel, onClosed: (refusal?: Error) => void): Promise<Channel> {
  const channel = await connection.createChannel();
  let refusal: Error | undefined;
  channel.on('error', (error) => {
    refusal = error;
  });
  channel.on('close', () => onClosed(refusal));
  return channel;
}

/**
 * Waits until the broker has what was sent on the channel, by closing it: the end of a connection does not queue behind
 * what is still to be sent on its channels. A channel that is closed already has nothing more to send.
 */
async function closeChannel(channel: Channel | undefined): Promise<void> {
  await channel?.close().catch(() => undefined);
}

function originOf({ fields, properties }: ConsumeMessage): Origin {
  return {
    transport: 'amqp',
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    redelivered: fields.redelivered,
    properties: { ...properties },
  };
}
