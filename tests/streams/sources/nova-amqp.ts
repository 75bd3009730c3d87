import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

/** Publishes as oslo.messaging does: declares its exchange, marks messages persistent, waits for the broker's confirmation. */
export class NovaPublisher {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
  readonly exchange: string;

  private constructor(connection: ChannelModel, channel: ConfirmChannel, exchange: string) {
    this.connection = connection;
    this.channel = channel;
    this.exchange = exchange;
  }

  /** `durable` is false in nova's default settings, true with quorum queues or amqp_durable_queues. */
  static async open(url: string, exchange: string, durable = false): Promise<NovaPublisher> {
    const connection = await connect(url);
    // A killed broker is what some of the tests are about.
    connection.on('error', () => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    await channel.assertExchange(exchange, 'topic', { durable });
    return new NovaPublisher(connection, channel, exchange);
  }

  async publish(bodies: readonly (string | Buffer)[], routingKey = 'versioned_notifications.info'): Promise<void> {
    for (const body of bodies) {
      this.channel.publish(this.exchange, routingKey, Buffer.from(body), {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        deliveryMode: 2,
        priority: 0,
      });
    }
    await this.channel.waitForConfirms();
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }
}
