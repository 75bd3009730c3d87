import { randomUUID } from 'node:crypto';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../../../model/fact.ts';
import { compareRevisions, NO_REVISION, parseRevision, type Revision } from '../../../../model/revision.ts';
import type { ModelStore } from '../../../../model/store.ts';
import { openRedisStore, type RedisStoreOptions } from '../../../../model/stores/redis/redis-store.ts';
import { type RedisServer, startRedis } from '../../../../servers/redis.ts';
import { fact, joined, Replica, scanned } from '../facts.ts';
import { type Following, startFollowing } from '../following.ts';
import { openGate } from './gate.ts';

/** The epoch a revision is of. */
function epochOf(revision: Revision | undefined): number {
  return parseRevision(revision ?? NO_REVISION)?.epoch ?? 0;
}

/** What a process does that keeps a replica: joins what it is told; at a reset it tells all it holds again and scans. */
function keepReplica(store: ModelStore): { replica: Replica; told: Following; mended: Promise<void>[] } {
  const replica = new Replica();
  const mended: Promise<void>[] = [];
  const mend = async (): Promise<void> => {
    await store.commit(replica.facts());
    for await (const batch of store.scan()) replica.load(batch);
  };
  const told = startFollowing(store, NO_REVISION, (followed) => {
    if (followed.kind === 'changes') replica.apply(followed.changes);
    else mended.push(mend());
  });
  return { replica, told, mended };
}

/** Commits numbered facts one after the other until told to stop; all it returns were acknowledged. */
function keepWriting(store: ModelStore, writer: number): { written: Fact[]; stop(): Promise<void> } {
  const written: Fact[] = [];
  let writing = true;
  const write = async (): Promise<void> => {
    for (let i = 1; writing; i++) {
      const facts = [fact(`instance/${i % 50}`, `by ${writer}`, i, i), fact(`host/${i % 300}`, 'x', i, i)];
      await store.commit(facts);
      written.push(...facts);
    }
  };
  const done = write();
  return {
    written,
    stop: () => {
      writing = false;
      return done;
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.each([true, false])('a Redis with append-only file: %s', (appendonly) => {
  let server: RedisServer;
  let admin: Redis;
  const stores: ModelStore[] = [];
  const open = async (options: Partial<RedisStoreOptions> = {}): Promise<ModelStore> => {
    const store = await openRedisStore({ url: server.url, cloud: randomUUID(), ...options });
    stores.push(store);
    return store;
  };

  beforeAll(async () => {
    server = await startRedis({ appendonly, appendfsync: 'always' });
    admin = new Redis(server.url);
    admin.on('error', () => undefined); // it is killed on purpose
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  if (appendonly) {
    it('that is killed while several write and one follows loses nothing acknowledged and keeps its epoch', async () => {
      const store = await open();
      const epoch = epochOf(await store.head());
      const { replica, told } = keepReplica(store);
      const writers = [1, 2, 3].map((writer) => keepWriting(store, writer));
      for (let restart = 0; restart < 3; restart++) {
        const reached = told.changes.length + 200;
        await told.until(({ changes }) => changes.length > reached);
        await server.restart();
      }
      await Promise.all(writers.map((writer) => writer.stop()));
      const truth = joined(writers.flatMap(({ written }) => written));
      expect(await scanned(store)).toEqual(truth);
      const head = await store.head();
      await told.until(({ changes }) => changes.at(-1)?.revision === head);
      expect(replica.state()).toEqual(truth);
      expect(told.resets).toEqual([]);
      expect(epochOf(head)).toBe(epoch);
    });

    describe('of which the last part was lost', () => {
      /** Kills the server and brings it back as it was when `save` was called. */
      const losing = async (): Promise<() => Promise<void>> => {
        // A folder since Redis 7.0.
        const name = (await readdir(server.dir)).find((entry) => entry.startsWith('appendonly')) ?? '';
        const [kept, live] = [join(server.dir, 'kept'), join(server.dir, name)];
        await rm(kept, { recursive: true, force: true });
        await cp(live, kept, { recursive: true });
        return async () => {
          await server.kill();
          await rm(live, { recursive: true });
          await cp(kept, live, { recursive: true });
          await server.restart();
        };
      };

      it('begins a new epoch, and who held the lost facts is asked for them', async () => {
        const store = await open();
        const { replica, told, mended } = keepReplica(store);
        const facts = [fact('host/a', 'x', 1, 1), fact('host/a', 'x', 2, 2), fact('host/b', 'x', 2, 2)];
        await store.commit(facts.slice(0, 1));
        const lose = await losing();
        await store.commit(facts.slice(1));
        await told.until(({ changes }) => changes.length === 3);
        const before = await store.head();
        await lose();
        await told.until(({ resets }) => resets.length > 0);
        await Promise.all(mended);
        expect(told.resets[0]).toMatchObject({ reason: 'lost' });
        expect(epochOf(told.resets[0]?.head)).toBeGreaterThan(epochOf(before));
        expect(replica.state()).toEqual(joined(facts));
        expect(await scanned(store)).toEqual(joined(facts));
      });

      it('does so too when others have written past it, in further runs, before its follower is back', async () => {
        const gate = await openGate(server.port);
        const cloud = randomUUID();
        const cutOff = await open({ url: `redis://127.0.0.1:${gate.port}`, cloud });
        const { told, mended } = keepReplica(cutOff);
        await cutOff.commit([fact('host/a', 'x', 1, 1)]);
        const lose = await losing();
        await cutOff.commit([fact('host/a', 'x', 2, 2), fact('host/b', 'x', 2, 2)]);
        await told.until(({ changes }) => changes.length === 3);
        const before = await cutOff.head();
        gate.shut();
        await lose();
        const other = await open({ cloud });
        for (let i = 0; i < 10; i++) await other.commit([fact('host/c', 'x', i, i)]);
        await server.restart();
        for (let i = 10; i < 20; i++) await other.commit([fact('host/c', 'x', i, i)]);
        expect(compareRevisions(before, await other.head())).toBeLessThan(0);
        expect(epochOf(await other.head())).toBe(epochOf(before));
        gate.open();
        await told.until(({ resets }) => resets.length > 0);
        await Promise.all(mended);
        expect(told.resets[0]).toMatchObject({ reason: 'lost' });
        expect(epochOf(told.resets[0]?.head)).toBeGreaterThan(epochOf(before));
        expect(await scanned(cutOff)).toEqual(
          joined([fact('host/a', 'x', 2, 2), fact('host/b', 'x', 2, 2), fact('host/c', 'x', 19, 19)]),
        );
        await gate.close();
      });

      it('does so too when the lost part was an epoch of its own', async () => {
        const store = await open();
        const { told, mended } = keepReplica(store);
        for (let i = 1; i < 5; i++) await store.commit([fact('host/a', 'x', i, i)]);
        await told.until(({ changes }) => changes.length === 4);
        const lose = await losing();
        await admin.flushall();
        const { revision } = await store.commit([fact('host/b', 'x', 1, 1)]);
        await told.until(({ resets }) => resets.length === 1);
        await Promise.all(mended);
        await lose();
        await told.until(({ resets }) => resets.length === 2);
        await Promise.all(mended);
        expect(epochOf(told.resets[1]?.head)).toBeGreaterThan(epochOf(revision));
        expect(await scanned(store)).toEqual(joined([fact('host/a', 'x', 4, 4), fact('host/b', 'x', 1, 1)]));
      });

      it('keeps its epoch when what was lost is known to nobody', async () => {
        const cloud = randomUUID();
        const early = await openRedisStore({ url: server.url, cloud });
        const { revision } = await early.commit([fact('host/a', 'x', 1, 1)]);
        const lose = await losing();
        await early.commit([fact('host/a', 'x', 2, 2)]);
        await early.close();
        await lose();
        const late = await open({ cloud });
        expect(await late.head()).toBe(revision);
      });
    });
  } else {
    it('that is killed comes back empty with a new epoch and is told again what its follower holds', async () => {
      const store = await open();
      const { replica, told, mended } = keepReplica(store);
      const first = keepWriting(store, 1);
      await told.until(({ changes }) => changes.length > 300);
      await first.stop();
      const before = await store.head();
      await told.until(({ changes }) => changes.at(-1)?.revision === before);
      await server.kill();
      const second = keepWriting(store, 2);
      await server.restart();
      await told.until(({ resets }) => resets.length > 0);
      const reached = told.changes.length + 100;
      await told.until(({ changes }) => changes.length > reached);
      await second.stop();
      await Promise.all(mended);
      const head = await store.head();
      await told.until(({ changes }) => changes.at(-1)?.revision === head);
      expect(told.resets).toMatchObject([{ reason: 'lost' }]);
      expect(epochOf(head)).toBeGreaterThan(epochOf(before));
      const truth = joined([...first.written, ...second.written]);
      expect(replica.state()).toEqual(truth);
      expect(await scanned(store)).toEqual(truth);
    });

    it('says in its health that it must keep an append-only file', async () => {
      const { problems } = await (await open()).health();
      expect(problems).toEqual([expect.stringMatching(/appendonly yes/)]);
    });
  }

  it('that is emptied by hand while nobody writes resets its followers to a new epoch', async () => {
    const store = await open();
    const { replica, told, mended } = keepReplica(store);
    const { revision } = await store.commit([fact('host/a', 'x', 1, 1)]);
    await told.until(({ changes }) => changes.length === 1);
    await admin.flushall();
    await told.until(({ resets }) => resets.length > 0);
    await Promise.all(mended);
    expect(told.resets[0]).toMatchObject({ reason: 'lost' });
    expect(epochOf(told.resets[0]?.head)).toBeGreaterThan(epochOf(revision));
    expect(await scanned(store)).toEqual(replica.state());
    expect(await scanned(store)).toEqual(joined([fact('host/a', 'x', 1, 1)]));
  });

  it('that is emptied between two commits takes the second into a new epoch', async () => {
    const store = await open();
    const revisions: Revision[] = [];
    for (let i = 1; i <= 4; i++) {
      revisions.push((await store.commit([fact('host/a', 'x', i, i)])).revision);
      await admin.flushall();
    }
    expect(revisions.map((revision) => parseRevision(revision)?.seq)).toEqual([1, 1, 1, 1]);
    const epochs = revisions.map(epochOf);
    expect(new Set(epochs).size).toBe(4);
    expect(epochs.toSorted((a, b) => a - b)).toEqual(epochs);
  });

  it('that lost only its head begins a new epoch over the elements that remain', async () => {
    const store = await open({ cloud: 'headless' });
    const facts = [fact('host/a', 'x', 1, 1), fact('host/b', 'x', 1, 1)];
    const { revision } = await store.commit(facts);
    await admin.del('{vigil:headless}:state', '{vigil:headless}:changes');
    const told = startFollowing(store);
    await told.until(({ resets }) => resets.length === 1);
    expect(told.resets[0]?.reason).toBe('behind');
    expect(epochOf(await store.head())).toBeGreaterThan(epochOf(revision));
    expect(await scanned(store)).toEqual(joined(facts));
    expect(await store.history('host/a', 10)).toEqual([]);
  });

  it('that cuts its clients off is followed and written on', async () => {
    const store = await open();
    const { replica, told } = keepReplica(store);
    const writer = keepWriting(store, 1);
    for (let cut = 0; cut < 5; cut++) {
      const reached = told.changes.length + 50;
      await told.until(({ changes }) => changes.length > reached);
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    await writer.stop();
    const head = await store.head();
    await told.until(({ changes }) => changes.at(-1)?.revision === head);
    expect(told.resets).toEqual([]);
    expect(replica.state()).toEqual(joined(writer.written));
  });

  it('that forgets its scripts is sent them again', async () => {
    const store = await open();
    await store.commit([fact('host/a', 'x', 1, 1)]);
    await admin.script('FLUSH');
    expect(await store.commit([fact('host/a', 'x', 2, 2)])).toMatchObject({ won: 1 });
    await admin.script('FLUSH');
    expect(await store.history('host/a', 5)).toHaveLength(2);
    expect(await scanned(store)).toEqual(joined([fact('host/a', 'x', 2, 2)]));
  });

  it('that is down lets commits wait, says so once, and takes them when it is back', async () => {
    const problems: string[] = [];
    const cloud = randomUUID();
    const store = await open({ cloud, onProblem: (text) => problems.push(text) });
    await store.commit([fact('host/a', 'x', 1, 1)]);
    await server.kill();
    const waiting = [2, 3].map((n) => store.commit([fact('host/a', 'x', n, n)]));
    await until(() => problems.some((text) => text.includes('ECONNREFUSED')));
    expect((await store.health()).problems).toEqual([expect.stringContaining('ECONNREFUSED')]);
    const opening = openRedisStore({ url: server.url, cloud });
    await server.restart();
    await Promise.all(waiting);
    expect(await scanned(store)).toEqual(joined([fact('host/a', 'x', 3, 3)]));
    expect(problems.filter((text) => text.includes('ECONNREFUSED'))).toHaveLength(1);
    await (await opening).close();
  });

  it('that is down does not keep anyone from closing or giving up', async () => {
    const store = await open();
    await server.kill();
    const [commit, following] = [store.commit([fact('host/a', 'x', 1, 1)]), startFollowing(store)];
    const giveUp = new AbortController();
    const told = new Promise<void>((resolve) => {
      const opening = openRedisStore({
        url: server.url,
        cloud: 'x',
        onProblem: () => resolve(),
        signal: giveUp.signal,
      });
      opening.catch((error: Error) => expect(error.message).toMatch(/closed/));
    });
    await told;
    giveUp.abort();
    const closing = store.close();
    await expect(commit).rejects.toThrow(/closed/);
    await closing;
    await following.ended;
    await server.restart();
  });

  it('that holds something foreign in the place of an element refuses that and goes on', async () => {
    const store = await open({ cloud: 'squatted' });
    await admin.set('{vigil:squatted}:elements:host/b', 'foreign');
    const facts = [fact('host/a', 'x', 1, 1), fact('host/b', 'x', 1, 1)];
    await expect(store.commit(facts)).rejects.toThrow(/WRONGTYPE/);
    const { revision } = await store.commit([fact('host/c', 'x', 1, 1)]);
    expect(await store.head()).toBe(revision);
    const told = startFollowing(store);
    await told.until(({ changes }) => changes.length === 2);
    expect(told.changes.map(({ element }) => element)).toEqual(['host/a', 'host/c']);
    await admin.del('{vigil:squatted}:elements:host/b');
    await store.commit(facts);
    expect(await scanned(store)).toEqual(joined([...facts, fact('host/c', 'x', 1, 1)]));
  });

  it('is not filled beyond the retention, and not with anything outside of the hash tag', async () => {
    const cloud = randomUUID();
    const store = await open({ cloud, retention: 100 });
    for (let i = 1; i <= 50; i++) {
      await store.commit(Array.from({ length: 50 }, (_, n) => fact(`host/${n}`, 'x', i, i)));
    }
    await store.putRecords('letters', [{ id: '1', value: 1 }], 10);
    const keys = await admin.keys(`*${cloud}*`);
    expect(keys.filter((key) => !key.startsWith(`{vigil:${cloud}}:`))).toEqual([]);
    // Redis drops whole nodes of a stream, of at most a hundred entries.
    expect(await admin.xlen(`{vigil:${cloud}}:changes`)).toBeLessThanOrEqual(200);
  });

  it('keeps clouds apart', async () => {
    const [one, two] = [await open({ cloud: 'one' }), await open({ cloud: 'two' })];
    const told = startFollowing(two);
    await one.commit([fact('host/a', 'x', 1, 1)]);
    const { revision } = await two.commit([fact('host/a', 'x', 1, 2)]);
    await told.until(({ changes }) => changes.length > 0);
    expect(told.changes.map((change) => change.revision)).toEqual([revision]);
    expect(await scanned(one)).toEqual(joined([fact('host/a', 'x', 1, 1)]));
    expect(await scanned(two)).toEqual(joined([fact('host/a', 'x', 1, 2)]));
  });
});
