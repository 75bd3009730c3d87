import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { type RedisServer, type RedisSettings, startRedis } from '../../servers/redis.ts';
import { makeCertificates } from '../../servers/tls.ts';
import { useRedis } from '../services/use.ts';

let server: RedisServer | undefined;

async function start(settings?: RedisSettings): Promise<RedisServer> {
  server = await startRedis(settings);
  return server;
}

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

test('keeps its keys through a kill when the append-only file is on', async () => {
  const { url, kill, restart } = await start();
  expect(await once(url, (client) => client.set('host', 'compute-1'))).toBe('OK');
  await kill();
  await restart();
  expect(await once(url, (client) => client.get('host'))).toBe('compute-1');
});

test('comes back empty after a kill without the append-only file', async () => {
  const { url, kill, restart } = await start({ appendonly: false });
  await once(url, (client) => client.set('host', 'compute-1'));
  await kill();
  await restart();
  expect(await once(url, (client) => client.dbsize())).toBe(0);
});

test('refuses connections while it is killed', async () => {
  const { url, kill } = await start();
  await kill();
  await expect(once(url, (client) => client.ping())).rejects.toThrow();
});

test('asks for its password', async () => {
  const { url, port } = await start({ password: 'p@ss/word' });
  expect(await once(url, (client) => client.ping())).toBe('PONG');
  await expect(once(`redis://127.0.0.1:${port}`, (client) => client.ping())).rejects.toThrow();
});

test('serves TLS to those who trust its authority', async () => {
  const certificates = await makeCertificates();
  try {
    const { url } = await start({ tls: certificates });
    expect(await once(url, (client) => client.ping(), certificates.ca)).toBe('PONG');
    await expect(once(url, (client) => client.ping())).rejects.toThrow();
  } finally {
    await certificates.remove();
  }
});

test('refuses more than its memory limit', async () => {
  const { url } = await start({ maxmemory: 1 });
  await expect(once(url, (client) => client.set('host', 'compute-1'))).rejects.toThrow(/OOM/);
});

test("the run's shared server gives each caller a prefix of its own", async () => {
  const [one, other] = [await useRedis(), await useRedis()];
  expect(one.url).toBe(other.url);
  expect(one.prefix).not.toBe(other.prefix);
  expect(await once(one.url, (client) => client.ping())).toBe('PONG');
});

async function once<T>(url: string, work: (client: Redis) => Promise<T>, ca?: string): Promise<T> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  client.on('error', () => undefined); // the awaited calls report it
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}
