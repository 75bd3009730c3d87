import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedisStore } from '../../../../model/stores/redis/redis-store.ts';
import { type RedisServer, startRedis } from '../../../../servers/redis.ts';
import { type Certificates, makeCertificates } from '../../../../servers/tls.ts';
import { fact, joined, scanned } from '../facts.ts';

const PASSWORD = 'correct horse/battery@staple';

describe('a Redis with a password', () => {
  let server: RedisServer;
  let admin: Redis;
  let plainUrl: string;
  beforeAll(async () => {
    server = await startRedis({ password: PASSWORD });
    admin = new Redis(server.port, { password: PASSWORD });
    plainUrl = `redis://127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  it('takes it from the URL or from the options, and never shows it', async () => {
    for (const address of [{ url: server.url }, { url: plainUrl, password: PASSWORD }]) {
      const store = await openRedisStore({ ...address, cloud: randomUUID() });
      await store.commit([fact('host/a', 'x', 1, 1)]);
      expect(await store.health()).toEqual({ kind: 'redis', location: `${plainUrl}/0`, problems: [] });
      await store.close();
    }
  });

  it('refuses a wrong one or none at opening, in one clear line', async () => {
    const wrong = openRedisStore({ url: plainUrl, password: 'wrong-secret', cloud: 'x' });
    await expect(wrong).rejects.toThrow(
      /^Redis at redis:\/\/127\.0\.0\.1:\d+\/0: WRONGPASS .*check username and password/,
    );
    await expect(wrong).rejects.not.toThrow(/wrong-secret/);
    const error: unknown = await wrong.catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('wrong-secret');
    await expect(openRedisStore({ url: plainUrl, cloud: 'x' })).rejects.toThrow(/NOAUTH .*check username and password/);
  });

  it('that takes access away later is waited for', async () => {
    await admin.call('ACL', 'SETUSER', 'vigil', 'on', '>first', '~*', '&*', '+@all');
    const problems: string[] = [];
    const store = await openRedisStore({
      url: plainUrl,
      username: 'vigil',
      password: 'first',
      cloud: randomUUID(),
      onProblem: (text) => problems.push(text),
    });
    await admin.call('ACL', 'SETUSER', 'vigil', 'resetpass', '>second');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const commit = store.commit([fact('host/a', 'x', 1, 1)]);
    while (!problems.some((text) => text.includes('WRONGPASS'))) await new Promise((resolve) => setTimeout(resolve, 5));
    await admin.call('ACL', 'SETUSER', 'vigil', '>first');
    expect(await commit).toMatchObject({ won: 1 });
    expect(problems.join()).not.toMatch(/first|second/);
    await store.close();
  });

  it('needs to give a user no more than the keys of its clouds', async () => {
    await admin.call('ACL', 'SETUSER', 'narrow', 'on', '>pw', '~{vigil:*', '+@all', '-@dangerous', '+info');
    const cloud = randomUUID();
    const store = await openRedisStore({ url: plainUrl, username: 'narrow', password: 'pw', cloud });
    const facts = [fact('host/a', 'x', 1, 1)];
    await store.commit(facts);
    await store.putRecords('letters', [{ id: '1', value: 1 }], 5);
    expect(await scanned(store)).toEqual(joined(facts));
    expect(await store.history('host/a', 5)).toHaveLength(1);
    expect((await store.health()).problems).toEqual([]);
    await store.close();
    await admin.call('ACL', 'SETUSER', 'narrow', 'resetkeys', '~other:*');
    await expect(openRedisStore({ url: plainUrl, username: 'narrow', password: 'pw', cloud })).rejects.toThrow(
      /NOPERM/,
    );
  });
});

describe('a Redis with little memory', () => {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis({ maxmemory: 4_000_000 });
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  it('lets commits wait when it is full, says what to do, and takes them when it has room', async () => {
    const problems: string[] = [];
    const store = await openRedisStore({
      url: server.url,
      cloud: 'full',
      onProblem: (text) => problems.push(text),
    });
    const facts = Array.from({ length: 1_000 }, (_, i) => fact(`host/${i}`, 'x', 1, 'x'.repeat(10_000)));
    const commit = store.commit(facts);
    while (problems.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(problems).toEqual([expect.stringMatching(/OOM .*maxmemory/)]);
    await admin.config('SET', 'maxmemory', '0');
    await commit;
    expect(await scanned(store)).toEqual(joined(facts));
    const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
    await admin.config('SET', 'maxmemory', String(Math.round(used / 0.95)));
    expect((await store.health()).problems).toEqual([expect.stringMatching(/raise maxmemory/)]);
    await admin.config('SET', 'maxmemory', '0');
    await store.close();
  });

  it('must not evict', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const store = await openRedisStore({ url: server.url, cloud: 'evicted' });
    expect((await store.health()).problems).toEqual([expect.stringMatching(/set `maxmemory-policy noeviction`/)]);
    await store.close();
  });
});

describe('a Redis with TLS', () => {
  let certificates: Certificates;
  let server: RedisServer;
  beforeAll(async () => {
    certificates = await makeCertificates();
    server = await startRedis({ tls: certificates, password: PASSWORD });
  });
  afterAll(async () => {
    await server.stop();
    await certificates.remove();
  });

  it('is used when its certificate is trusted', async () => {
    const store = await openRedisStore({ url: server.url, tls: { ca: certificates.ca }, cloud: 'tls' });
    const facts = [fact('host/a', 'x', 1, 1)];
    await store.commit(facts);
    expect(await scanned(store)).toEqual(joined(facts));
    expect((await store.health()).location).toBe(`rediss://127.0.0.1:${server.port}/0`);
    await store.close();
  });

  it('is used with a certificate when it asks for one, and not without', async () => {
    const { ca, cert, key } = certificates;
    const strict = await startRedis({ tls: { ...certificates, mutual: true } });
    try {
      const store = await openRedisStore({ url: strict.url, tls: { ca, cert, key }, cloud: 'tls' });
      await store.commit([fact('host/a', 'x', 1, 1)]);
      await store.close();
      const giveUp = new AbortController();
      const problems: string[] = [];
      const refused = openRedisStore({
        url: strict.url,
        tls: { ca },
        cloud: 'tls',
        onProblem: (text) => {
          problems.push(text);
          giveUp.abort();
        },
        signal: giveUp.signal,
      });
      await expect(refused).rejects.toThrow(/closed/);
      expect(problems).toEqual([
        expect.stringMatching(
          `^Redis at rediss://127\\.0\\.0\\.1:${strict.port}/0: [^\\n:]*wants a certificate of its clients[^\\n:]*tls\\.cert and tls\\.key[^\\n]*$`,
        ),
      ]);
    } finally {
      await strict.stop();
    }
  });

  it('is not when it is not', async () => {
    const giveUp = new AbortController();
    const problems: string[] = [];
    const opening = openRedisStore({
      url: server.url,
      cloud: 'tls',
      onProblem: (text) => {
        problems.push(text);
        giveUp.abort();
      },
      signal: giveUp.signal,
    });
    await expect(opening).rejects.toThrow(/closed/);
    expect(problems).toEqual([expect.stringMatching(/certificate.*\(name the authority .* as tls\.ca\)$/)]);
  });
});
