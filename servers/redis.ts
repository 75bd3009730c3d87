import { Redis } from 'ioredis';
import { makeTempDir } from './guard.ts';
import { obtain, path, TOOLS } from './obtain.ts';
import { freePort } from './ports.ts';
import { type Server, startServer } from './process.ts';
import type { ServerTls } from './tls.ts';

/** A Redis of the caller's own. */
export interface RedisServer extends Server {
  readonly restartable: true;
  /** `redis://127.0.0.1:PORT`, with the password in it; `rediss:` with TLS. */
  readonly url: string;
  readonly port: number;
}

export interface RedisSettings {
  /** Append-only file, as production has it: a killed server comes back with its data. Default true. */
  readonly appendonly?: boolean;
  /** `everysec` by default, as production has it: a server killed while the disk was busy may lack what it answered last. */
  readonly appendfsync?: 'always' | 'everysec';
  readonly password?: string;
  /** Serve TLS only. Clients need `ca`. */
  readonly tls?: ServerTls;
  /** Bytes; more is refused (noeviction). Default: no limit. */
  readonly maxmemory?: number;
}

/** Start a Redis on a free port of 127.0.0.1. Without `appendonly` it comes back empty after `kill`. */
export async function startRedis(settings: RedisSettings = {}): Promise<RedisServer> {
  await obtain(TOOLS.redis);
  const { appendonly = true, appendfsync = 'everysec', password, tls, maxmemory = 0 } = settings;
  const dir = await makeTempDir('redis');
  const port = await freePort();
  const server = await startServer({
    name: 'redis',
    dir,
    command: path('redis-server'),
    args: [
      ...['--bind', '127.0.0.1', '--dir', dir, '--save', '', '--daemonize', 'no'],
      ...['--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', appendfsync],
      ...['--maxmemory', String(maxmemory), '--maxmemory-policy', 'noeviction'],
      ...(password === undefined ? [] : ['--requirepass', password]),
      ...(tls === undefined ? ['--port', String(port)] : tlsArguments(port, tls)),
    ],
    ready: () => ping(port, settings),
  });
  const credentials = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  const url = `${tls === undefined ? 'redis' : 'rediss'}://${credentials}127.0.0.1:${port}`;
  return { ...server, restartable: true, url, port };
}

function tlsArguments(port: number, { caFile, certFile, keyFile, mutual = false }: ServerTls): string[] {
  const files = ['--tls-ca-cert-file', caFile, '--tls-cert-file', certFile, '--tls-key-file', keyFile];
  return ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', mutual ? 'yes' : 'no', ...files];
}

/** PING answers LOADING (an error) while the append-only file is being read. */
async function ping(port: number, { password, tls }: RedisSettings): Promise<void> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: { ca: tls.ca, cert: tls.cert, key: tls.key } }),
  });
  client.on('error', () => undefined); // the awaited calls report it
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
