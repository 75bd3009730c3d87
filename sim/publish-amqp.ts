import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { type Publisher, Waiters } from './publish.ts';
import { type Emission, encode, topicOf } from './wire/envelope.ts';

/** How to reach RabbitMQ. */
export interface AmqpPublisherOptions {
  /** `amqp://user:password@host:port/vhost` */
  readonly url: string;
  /** nova's control exchange; default `nova`. */
  readonly exchange?: string;
  /** Told of lost and refused connections; every failure but the first connection's is tried again. */
  readonly onTrouble?: (text: string) => void;
}

/** As oslo.messaging sets them; everything else is left out. */
const PROPERTIES = {
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  deliveryMode: 2,
  priority: 0,
  headers: {},
};

const RETRY_MS = 500;

/**
 * Publishes as nova does over RabbitMQ: to a topic exchange that is not durable, with confirmations, trying again for
 * ever. After a lost connection everything that was not confirmed is sent again, in order, some of it a second time.
 * Rejects when the first connection fails.
 */
export async function publishAmqp(options: AmqpPublisherOptions): Promise<Publisher> {
  const publisher = new AmqpPublisher(options);
  await publisher.connect();
  return publisher;
}

class AmqpPublisher implements Publisher {
  readonly #options: AmqpPublisherOptions;
  readonly #exchange: string;
  /** Not confirmed yet, in order of sending. */
  readonly #outbox = new Set<Emission>();
  readonly #waiters = new Waiters();
  #connection: ChannelModel | null = null;
  #channel: ConfirmChannel | null = null;
  #retry: NodeJS.Timeout | null = null;
  #opened = false;
  #closed = false;

  constructor(options: AmqpPublisherOptions) {
    this.#options = options;
    this.#exchange = options.exchange ?? 'nova';
  }

  get waiting(): number {
    return this.#outbox.size;
  }

  async connect(): Promise<void> {
    const connection = await connect(this.#options.url);
    let cause: Error | undefined;
    connection.on('error', (error: Error) => {
      cause = error;
    });
    connection.on('close', () => this.#lost(cause?.message ?? 'closed by the broker'));
    this.#connection = connection;
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error: Error) => {
      cause = error;
    });
    channel.on('close', () => void connection.close().catch(() => undefined));
    await channel.assertExchange(this.#exchange, 'topic', { durable: false, autoDelete: false });
    this.#channel = channel;
    this.#opened = true;
    for (const emission of this.#outbox) this.#send(channel, emission);
  }

  publish(emission: Emission): void {
    this.#outbox.add(emission);
    if (this.#channel !== null) this.#send(this.#channel, emission);
  }

  flushed(): Promise<void> {
    return this.#waiters.until(this.#outbox.size === 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#channel = null;
    await this.#connection?.close().catch(() => undefined);
    this.#outbox.clear();
    this.#waiters.wake();
  }

  #send(channel: ConfirmChannel, emission: Emission): void {
    const body = encode(emission, 'rabbit');
    channel.publish(this.#exchange, topicOf(emission), body, PROPERTIES, (error: unknown) => {
      if (error !== null && error !== undefined) return;
      this.#outbox.delete(emission);
      if (this.#outbox.size === 0) this.#waiters.wake();
    });
  }

  #lost(reason: string): void {
    this.#channel = null;
    if (!this.#opened || this.#closed || this.#retry !== null) return;
    this.#options.onTrouble?.(`the connection to RabbitMQ was lost (${reason}); connecting again`);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.connect().catch((error: Error) => this.#lost(error.message));
    }, RETRY_MS);
  }
}
