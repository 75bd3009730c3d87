import { setTimeout as sleep } from 'node:timers/promises';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { Observable } from 'rxjs';
import type { AmqpSettings, Broker } from './amqp-options.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** A broker that does not answer the closing handshake in this time is not waited for. */
const CLOSE_TIMEOUT_MS = 5_000;

/** An open connection ended without our doing. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/**
 * Connects, emits the connection, and errors when it is lost. Unsubscribing begins to close it, once `settled` resolves,
 * and gives `onClosing` what resolves when it is closed.
 */
export function connection$(
  broker: Broker,
  settings: AmqpSettings,
  onClosing: (closed: Promise<void>) => void,
  settled: () => Promise<void> = async () => undefined,
): Observable<ChannelModel> {
  return new Observable((subscriber) => {
    const opening = open(broker, settings);
    opening.then(
      (connection) => {
        let cause: Error | undefined;
        connection.on('error', (error) => {
          cause = error;
        });
        connection.on('close', (error) => {
          const reason = (error ?? cause)?.message ?? 'closed by the broker';
          subscriber.error(new ConnectionLost(reason, { cause: error ?? cause }));
        });
        subscriber.next(connection);
      },
      (error) => subscriber.error(error),
    );
    return () => onClosing(close(opening, settled));
  });
}

/** Does some work on a channel of its own, for a refusal closes the channel that it was asked on. */
export async function withChannel<T>(connection: ChannelModel, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  // The refused operation's own promise tells of it.
  channel.on('error', () => undefined);
  const result = await work(channel);
  await channel.close();
  return result;
}

function open(broker: Broker, settings: AmqpSettings): Promise<ChannelModel> {
  const { protocol, hostname, port, vhost, username, password } = broker;
  return connect(
    {
      protocol,
      hostname,
      port,
      username,
      password,
      vhost: encodeURIComponent(vhost),
      heartbeat: settings.heartbeatSeconds,
    },
    {
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: `vigil ${settings.name}` },
      ...settings.tls,
    },
  );
}

async function close(opening: Promise<ChannelModel>, settled: () => Promise<void>): Promise<void> {
  const connection = await opening.catch(() => undefined);
  if (connection === undefined) return;
  const end = async (): Promise<void> => {
    await settled();
    await connection.close();
  };
  // Closing what is already closed is refused, which is as good as done.
  await Promise.race([end().catch(() => undefined), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
}
