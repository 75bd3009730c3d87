import type { ConnectionOptions } from 'node:tls';
import type { RedisOptions } from 'ioredis';

/** Where a Redis is and who asks. */
export interface RedisAddress {
  /** `redis://host:port/database`, or `rediss://` for TLS; may hold a username and a password. */
  readonly url: string;
  /** These come before what the URL says. */
  readonly username?: string;
  readonly password?: string;
  /** Certificates and the like; turns TLS on. */
  readonly tls?: ConnectionOptions;
}

/** A part of what ioredis is told. */
export type ConnectionSettings = Pick<RedisOptions, 'host' | 'port' | 'db' | 'username' | 'password' | 'tls'>;

const DEFAULT_PORT = 6379;

/**
 * An address as ioredis wants it.
 *
 * @throws TypeError when the URL is none; does not repeat it, as it may hold a password
 */
export function connectionOptions(address: RedisAddress): ConnectionSettings {
  const url = parse(address.url);
  const username = address.username ?? decodeURIComponent(url.username);
  const password = address.password ?? decodeURIComponent(url.password);
  const tls = address.tls ?? (url.protocol === 'rediss:' ? {} : undefined);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    db: Number(url.pathname.slice(1)),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** `redis://host:port/database` without credentials, for people to read. */
export function describe(address: RedisAddress): string {
  const { host, port, db, tls } = connectionOptions(address);
  return `${tls === undefined ? 'redis' : 'rediss'}://${host?.includes(':') ? `[${host}]` : host}:${port}/${db}`;
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) {
    throw new TypeError('not the URL of a Redis: it must be redis://HOST:PORT/DATABASE, or rediss:// for TLS');
  }
  return url;
}
