import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compareRevisions, NO_REVISION, type Revision } from '../../../../model/revision.ts';
import type { ModelStore } from '../../../../model/store.ts';
import { openRedisStore } from '../../../../model/stores/redis/redis-store.ts';
import { type RedisServer, startRedis } from '../../../../servers/redis.ts';
import { joined, Replica, scanned } from '../facts.ts';
import { startFollowing } from '../following.ts';
import { said } from './said.ts';
import { startWriter, type Writer } from './writers.ts';

const COMMITS = 400;

function allSaid(writer: number, commits = COMMITS): ReturnType<typeof said> {
  return Array.from({ length: commits }, (_, commit) => said(writer, commit)).flat();
}

function expectGrowing(revisions: readonly Revision[]): void {
  for (const [i, revision] of revisions.entries()) {
    if (i > 0) expect(compareRevisions(revisions[i - 1] as Revision, revision)).toBeLessThan(0);
  }
}

describe('several processes on one Redis', () => {
  let server: RedisServer;
  let store: ModelStore;
  let cloud: string;
  const writers: Writer[] = [];
  const start = (writer: number): Writer => {
    const started = startWriter({ url: server.url, cloud, writer, commits: COMMITS });
    writers.push(started);
    return started;
  };

  beforeAll(async () => {
    server = await startRedis({ appendfsync: 'always' });
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer.kill();
    await store.close();
  });

  it('come to the join of all they say, and a follower sees it grow', async () => {
    cloud = randomUUID();
    store = await openRedisStore({ url: server.url, cloud });
    const replica = new Replica();
    const told = startFollowing(store, NO_REVISION, (followed) => {
      if (followed.kind === 'changes') replica.apply(followed.changes);
    });
    await Promise.all([1, 2, 3].map((writer) => start(writer).done));

    const truth = joined([1, 2, 3].flatMap((writer) => allSaid(writer)));
    const head = await store.head();
    await told.until(({ changes }) => changes.at(-1)?.revision === head);
    expect(await scanned(store)).toEqual(truth);
    expect(replica.state()).toEqual(truth);
    expect(told.resets).toEqual([]);
    expectGrowing(told.changes.map(({ revision }) => revision));
  });

  it('lose nothing acknowledged and none of their order when Redis and one of them are killed', async () => {
    cloud = randomUUID();
    store = await openRedisStore({ url: server.url, cloud });
    const replica = new Replica();
    const told = startFollowing(store, NO_REVISION, (followed) => {
      if (followed.kind === 'changes') replica.apply(followed.changes);
    });
    const epoch = (await store.head()).split('-')[0];
    const [first, second, killed] = [start(1), start(2), start(3)];
    await first.reached(50);
    await server.restart();
    await killed.reached(100);
    await killed.kill();
    await server.restart();
    await Promise.all([first.done, second.done]);

    const held = await scanned(store);
    const acknowledged = allSaid(3, killed.acknowledged.length);
    // Of its last commit nothing is known: it may have been taken without an answer.
    const perhaps = said(3, killed.acknowledged.length);
    const certain = [...allSaid(1), ...allSaid(2), ...acknowledged];
    expect([joined(certain), joined([...certain, ...perhaps])]).toContainEqual(held);
    const head = await store.head();
    await told.until(({ changes }) => changes.at(-1)?.revision === head);
    expect(replica.state()).toEqual(held);
    expect(told.resets).toEqual([]);
    expect(head.split('-')[0]).toBe(epoch);
    for (const writer of [first, second, killed]) {
      const { acknowledged } = writer;
      expect(acknowledged.toSorted(compareRevisions)).toEqual(acknowledged);
    }
    expectGrowing(told.changes.map(({ revision }) => revision));
  });
});
