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

/** Connects, emits the connection, and errors when it is lost; unsubscribing begins to close it. */
export function connection$(
  broker: Broker,
  settings: AmqpSettings,
  onClosing: (closed: Promise<void>) => void,
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
    return () => onClosing(close(opening));
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

async function close(opening: Promise<ChannelModel>): Promise<void> {
  const connection = await opening.catch(() => undefined);
  if (connection === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });
  // Closing what is already closed is refused, which is as good as done.
  const closed = connection.close().catch(() => undefined);
  await Promise.race([closed, timeout]);
  clearTimeout(timer);
}
