import type { TlsOptions } from './tls.ts';

export interface AmqpOptions {
  /** Names the queue, and the source where `name` does not. */
  readonly cloud: string;
  /** Default: `amqp:<cloud>`. */
  readonly name?: string;
  /** Brokers of one cluster, `amqp://` or `amqps://` with host, port and virtual host; they are tried in turn. */
  readonly urls: readonly string[];
  /** Used for every broker whose URL carries no credentials. */
  readonly username?: string;
  readonly password?: string;
  readonly tls?: TlsOptions;
  /** Exchanges nova publishes to (`[DEFAULT] control_exchange`); default `nova`. They are never created here. */
  readonly exchanges?: readonly string[];
  /** `[oslo_messaging_notifications] topics` of nova's versioned notifications; default `versioned_notifications`. */
  readonly topics?: readonly string[];
  readonly queue?: {
    /** Default: `vigil.<cloud>`. */
    readonly name?: string;
    /** Default: classic. Both are durable. */
    readonly type?: 'classic' | 'quorum';
    /** The broker deletes the queue when nobody consumed from it for so long; default 86,400 s (a day). */
    readonly expiresSeconds?: number;
    /** Messages kept at most; the oldest are dropped beyond it. Default 250,000, about 1 GB. */
    readonly maxLength?: number;
  };
  /** Messages emitted and not yet acknowledged, at most (also the prefetch count); default 1000. */
  readonly window?: number;
  /** Default 20. The connection counts as lost when nothing was heard for two of them. */
  readonly heartbeatSeconds?: number;
}

/** One broker and how to reach it. Only `label` may be shown: it carries no credentials. */
export interface Broker {
  readonly label: string;
  readonly protocol: 'amqp' | 'amqps';
  readonly hostname: string;
  readonly port: number;
  readonly vhost: string;
  readonly username: string;
  readonly password: string;
}

/** The options with every default filled in and every URL taken apart. */
export interface AmqpSettings {
  readonly name: string;
  readonly brokers: readonly [Broker, ...Broker[]];
  readonly tls: TlsOptions;
  readonly exchanges: readonly string[];
  readonly topics: readonly string[];
  readonly queue: {
    readonly name: string;
    readonly type: 'classic' | 'quorum';
    readonly expiresSeconds: number;
    readonly maxLength: number;
  };
  readonly window: number;
  readonly heartbeatSeconds: number;
}

/** Throws on a broker URL that cannot be used; the message does not repeat it, for it may hold a password. */
export function amqpSettings(options: AmqpOptions): AmqpSettings {
  const [first, ...others] = options.urls.map((url, index) => readBroker(url, index + 1, options));
  if (first === undefined) throw new Error('an AMQP source needs the URL of a broker');
  const settings: AmqpSettings = {
    name: options.name ?? `amqp:${options.cloud}`,
    brokers: [first, ...others],
    tls: options.tls ?? {},
    exchanges: options.exchanges ?? ['nova'],
    topics: options.topics ?? ['versioned_notifications'],
    queue: {
      name: `vigil.${options.cloud}`,
      type: 'classic',
      expiresSeconds: 86_400,
      maxLength: 250_000,
      ...options.queue,
    },
    window: options.window ?? 1000,
    heartbeatSeconds: options.heartbeatSeconds ?? 20,
  };
  const { window, queue } = settings;
  if (!(window >= 1 && window <= MAX_PREFETCH)) {
    throw new Error(`the window must be from 1 to ${MAX_PREFETCH} messages, not ${window}`);
  }
  if (queue.maxLength <= window) {
    throw new Error(`the queue's length limit (${queue.maxLength}) must be greater than the window (${window})`);
  }
  return settings;
}

/** A prefetch count is 16 bits wide in AMQP. */
const MAX_PREFETCH = 65_535;

const PORTS = { amqp: 5672, amqps: 5671 };

function readBroker(url: string, number: number, options: AmqpOptions): Broker {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = parsed?.protocol.slice(0, -1);
  if (parsed === undefined || (protocol !== 'amqp' && protocol !== 'amqps') || parsed.hostname === '') {
    throw new Error(`broker URL ${number} is not of the form amqp://host:5672/vhost or amqps://host:5671/vhost`);
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw new Error(`broker URL ${number} has a part after "?" or "#", which is not understood; leave it out`);
  }
  const [username, password, vhost] = [parsed.username, parsed.password, parsed.pathname.slice(1)].map((part) =>
    unescaped(part, number),
  );
  const hostname = parsed.hostname.replace(/^\[|\]$/g, '');
  const port = parsed.port === '' ? PORTS[protocol] : Number(parsed.port);
  return {
    label: `${protocol}://${parsed.hostname}:${port} (virtual host ${vhost || DEFAULT_VHOST})`,
    protocol,
    hostname,
    port,
    vhost: vhost || DEFAULT_VHOST,
    username: username || (options.username ?? 'guest'),
    password: password || (options.password ?? 'guest'),
  };
}

/** A URL without a path, with an empty one, or with `//` as oslo.messaging writes it, means this one. */
const DEFAULT_VHOST = '/';

function unescaped(part: string, number: number): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new Error(`broker URL ${number} has a "%" that is not followed by two hex digits; write it as %25`, {
      cause: error,
    });
  }
}
