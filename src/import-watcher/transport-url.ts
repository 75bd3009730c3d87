/** Where oslo.messaging finds its brokers. */
export interface Transport {
  readonly kind: 'amqp' | 'kafka';
  /** `amqp://user:password@host:port/vhost`, or `host:port` for Kafka. */
  readonly addresses: readonly string[];
}

const AMQP_PORT = 5672;
const KAFKA_PORT = 9092;

/**
 * Reads a `transport_url` of oslo.messaging, such as `rabbit://user:secret@host1:5672,user:secret@host2:5672/vhost`.
 * @throws Error without the secrets in it
 */
export function readTransportUrl(text: string, tls: boolean): Transport {
  const [, scheme, hosts, , vhost = ''] = /^([a-z+]+):\/\/([^/?]+)(\/([^?]*))?(\?.*)?$/.exec(text.trim()) ?? [];
  if (scheme === undefined || hosts === undefined) throw new Error('it is no transport URL');
  const servers = hosts.split(',').map(readServer);
  if (scheme === 'kafka') {
    return { kind: 'kafka', addresses: servers.map(({ host, port }) => `${host}:${port ?? KAFKA_PORT}`) };
  }
  if (scheme !== 'rabbit' && scheme !== 'amqp')
    throw new Error(`its broker is ${scheme}; Vigil reads rabbit and kafka`);
  const addresses = servers.map(
    ({ user, host, port }) =>
      `${tls ? 'amqps' : 'amqp'}://${user === null ? '' : `${user}@`}${host}:${port ?? AMQP_PORT}/${vhost}`,
  );
  return { kind: 'amqp', addresses };
}

interface Server {
  /** User and password as they stand in an address. */
  readonly user: string | null;
  readonly host: string;
  readonly port: string | null;
}

function readServer(text: string): Server {
  const at = text.lastIndexOf('@');
  const [, host, port = null] = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/.exec(text.slice(at + 1)) ?? [];
  if (host === undefined) throw new Error('it names a server that cannot be read');
  return { user: at < 0 ? null : text.slice(0, at), host, port };
}
