import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import type { LiveModel } from '../../model/live-model.ts';
import type { Change, Followed, ModelStore } from '../../model/store.ts';
import { Replica } from '../../src/replica.ts';
import type { FeedItem } from '../../src/service-state.ts';
import { answers } from '../model/scan-view.ts';
import { fact, type State, scanned } from '../model/stores/facts.ts';
import { altered, temporaryStore } from '../model/stores/temporary.ts';
import { fact as arbitraryFact } from '../model/world.ts';

interface Started {
  readonly replica: Replica;
  readonly fed: FeedItem[];
  /** How often data was lost. */
  readonly losses: number[];
  /** Resolves once something holds of what was fed. */
  until(holds: () => boolean): Promise<void>;
  readonly ended: Promise<void>;
}

const disposals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

async function begin(retention?: number): Promise<ModelStore> {
  const { store, dispose } = await temporaryStore(retention === undefined ? {} : { retention });
  disposals.push(dispose);
  return store;
}

async function start(store: ModelStore): Promise<Started> {
  const fed: FeedItem[] = [];
  const losses: number[] = [];
  let wake: (() => void)[] = [];
  const replica = new Replica(store, () => losses.push(fed.length));
  replica.feed$.subscribe((item) => {
    fed.push(item);
    for (const resolve of wake.splice(0)) resolve();
  });
  const ended = replica.run(await replica.load());
  ended.catch(() => undefined);
  return {
    replica,
    fed,
    losses,
    ended,
    until: async (holds) => {
      while (!holds()) await new Promise<void>((resolve) => wake.push(resolve));
      wake = [];
    },
  };
}

function stateOf(model: LiveModel): State {
  const entries = [...model.facts()].map(
    ({ element, register, clock, value, cause }) => [`${element} ${register}`, { clock, value, cause }] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const place = (host: string) => ({ host, node: host });
const isResync = (item: FeedItem): boolean => item.kind === 'resync';

describe('a replica', () => {
  it('holds what the store held at the start, and says so', async () => {
    const store = await begin();
    for (let i = 0; i < 1_200; i++) await store.commit([fact(`instance/${i}`, 'place', i, place(`h${i % 7}`))]);
    const { replica, fed } = await start(store);
    expect(replica.loaded).toBe(true);
    expect(replica.model.instanceCount()).toBe(1_200);
    expect(replica.model.revision).toBe(await store.head());
    expect(fed).toEqual([{ kind: 'resync', revision: await store.head(), reason: expect.any(String) }]);
  });

  it('is loaded only when all was read', async () => {
    const store = await begin();
    await store.commit([fact('instance/a', 'place', 1, place('h'))]);
    const replica = new Replica(store, () => undefined);
    expect(replica.loaded).toBe(false);
    const loading = replica.load();
    expect(replica.loaded).toBe(false);
    await loading;
    expect(replica.loaded).toBe(true);
  });

  it('follows what is committed, and tells in the tick in which its model has it', async () => {
    const store = await begin();
    const { replica, fed, until } = await start(store);
    const seen: unknown[] = [];
    replica.feed$.subscribe((item) => {
      if (item.kind === 'changes')
        for (const { id, after } of item.changes)
          seen.push((replica.model.instance(id) ?? replica.model.host(id)) === after);
    });
    const { revision } = await store.commit([fact('instance/a', 'place', 1, place('h'))]);
    await until(() => replica.model.revision === revision);
    expect(replica.model.instance('a')?.place).toEqual(place('h'));
    expect(fed.at(-1)).toMatchObject({
      kind: 'changes',
      changes: [
        { revision, id: 'a' },
        { revision, id: 'h' },
      ],
    });
    expect(seen).toEqual([true, true]);
  });

  it('comes to what the store has, whatever is committed while it loads and follows', async () => {
    const batches = fc.array(fc.array(arbitraryFact, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(batches, batches, async (before, meanwhile) => {
        const { store, dispose } = await temporaryStore();
        try {
          for (const facts of before) await store.commit(facts);
          const commits = (async () => {
            for (const facts of meanwhile) await store.commit(facts);
          })();
          const { replica, until, ended } = await start(store);
          await commits;
          const { revision } = await store.commit([fact('host/last', 'heartbeat', 1, { up: true })]);
          await until(() => replica.model.revision === revision);
          expect(stateOf(replica.model)).toEqual(await scanned(store));
          await store.close();
          await ended;
        } finally {
          await dispose();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('that fell behind starts over: it has all that is, forgets what was collected, and tells to start over', async () => {
    const store = await begin(20);
    await store.commit([fact('instance/gone', 'life', 1, true), fact('instance/a', 'place', 1, place('h'))]);
    const replica = new Replica(store, () => expect.unreachable('nothing was lost'));
    const fed: FeedItem[] = [];
    replica.feed$.subscribe((item) => fed.push(item));
    const from = await replica.load();
    await store.collect(['instance/gone']);
    for (let i = 2; i < 500; i++) {
      await store.commit([
        fact('instance/a', 'place', i, place(`h${i}`)),
        fact(`instance/${i % 9}`, 'place', i, place('x')),
      ]);
    }
    const running = replica.run(from);
    await expect.poll(() => fed.filter(isResync).length).toBe(2);
    expect(stateOf(replica.model)).toEqual(await scanned(store));
    expect(replica.model.explain('instance/gone')).toBeNull();
    expect(replica.model.revision).toBe(await store.head());
    const { revision } = await store.commit([fact('instance/a', 'place', 999, place('again'))]);
    await expect.poll(() => replica.model.revision).toBe(revision);
    expect(replica.model.instance('a')?.place?.host).toBe('again');
    await store.close();
    await running;
  });

  it('that fell behind has of what was collected and begun anew only what was told since', async () => {
    const store = await begin(20);
    const replica = new Replica(store, () => undefined);
    await store.commit([fact('instance/a', 'life', 900, true), fact('instance/a', 'power', 900, 'shutdown')]);
    const from = await replica.load();
    await store.collect(['instance/a']);
    await store.commit([fact('instance/a', 'place', 1, place('h'))]);
    for (let i = 2; i < 200; i++) await store.commit([fact('host/h', 'heartbeat', i, { up: i % 2 === 0 })]);
    const running = replica.run(from);
    await expect.poll(() => stateOf(replica.model)).toEqual(await scanned(store));
    expect(replica.model.instance('a')).toMatchObject({ place: place('h'), power: null });
    await store.close();
    await running;
  });

  it('that starts over misses nothing that is committed while it reads all again', async () => {
    const store = await begin(20);
    for (let i = 0; i < 1_500; i++) await store.commit([fact(`instance/${i}`, 'place', 1, place('old'))]);
    let reading = false;
    const busy = altered(store, {
      async *scan() {
        for await (const facts of store.scan()) {
          yield facts;
          // What was read is outdated before the rest is.
          if (reading) await store.commit(facts.map(({ element }) => fact(element, 'place', 2, place('new'))));
        }
      },
    });
    const replica = new Replica(busy, () => undefined);
    const fed: FeedItem[] = [];
    replica.feed$.subscribe((item) => fed.push(item));
    const from = await replica.load();
    for (let i = 0; i < 100; i++) await store.commit([fact('host/h', 'heartbeat', i, { up: i % 2 === 0 })]);
    reading = true;
    const running = replica.run(from);
    await expect.poll(() => fed.filter(isResync).length).toBeGreaterThanOrEqual(2);
    reading = false;
    await expect.poll(() => replica.model.revision).toBe(await store.head());
    expect(stateOf(replica.model)).toEqual(await scanned(store));
    expect([...replica.model.instancesOn('old')]).toEqual([]);
    await store.close();
    await running;
  });

  it('tells a store that lost data what it holds, asks for a full reading, and tells to start over', async () => {
    const store = await begin();
    const kept = [fact('instance/a', 'place', 1, place('h')), fact('instance/b', 'place', 1, place('h'))];
    const later = fact('instance/c', 'place', 1, place('h'));
    await store.commit(kept);
    const other = await begin();
    await other.commit([fact('instance/b', 'place', 5, place('newer')), later]);
    const following = new Channel();
    // One store until the loss, another that knows less, and more, after it.
    let present = store;
    const lossy = altered(store, {
      head: () => present.head(),
      scan: () => present.scan(),
      commit: (facts: readonly Fact[]) => present.commit(facts),
      follow: () => following.read(),
    });
    const { replica, fed, losses, until, ended } = await start(lossy);
    present = other;
    following.tell({ kind: 'reset', reason: 'lost', head: await other.head() });
    await until(() => fed.filter(isResync).length === 2);
    expect(losses).toEqual([1]);
    expect(Object.keys(await scanned(other))).toEqual(['instance/a place', 'instance/b place', 'instance/c place']);
    expect(stateOf(replica.model)).toEqual(await scanned(other));
    expect(replica.model.instance('b')?.place?.host).toBe('newer');
    const change: Change = {
      revision: '9999999999-1',
      element: 'instance/a',
      facts: [fact('instance/a', 'place', 7, place('moved'))],
      previous: null,
    };
    following.tell({ kind: 'changes', changes: [change] });
    await until(() => replica.model.revision === '9999999999-1');
    expect(answers(replica.model)).not.toEqual({});
    following.end();
    await ended;
  });

  it('tells again in parts what it holds, however much', async () => {
    const store = await begin();
    const facts = Array.from({ length: 12_000 }, (_, i) => fact(`instance/${i}`, 'place', i, place('h')));
    await store.commit(facts);
    const other = await begin();
    const sizes: number[] = [];
    const following = new Channel();
    let present = store;
    const lossy = altered(store, {
      head: () => present.head(),
      scan: () => present.scan(),
      commit: (told: readonly Fact[]) => {
        sizes.push(told.length);
        return other.commit(told);
      },
      follow: () => following.read(),
    });
    const { fed, until, ended } = await start(lossy);
    present = other;
    following.tell({ kind: 'reset', reason: 'lost', head: await other.head() });
    await until(() => fed.filter(isResync).length === 2);
    expect(sizes.reduce((a, b) => a + b)).toBe(12_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000);
    expect(Object.keys(await scanned(other))).toHaveLength(12_000);
    following.end();
    await ended;
  });

  it('ends with its store, and its feed with it', async () => {
    const store = await begin();
    const { replica, ended } = await start(store);
    let over = false;
    replica.feed$.subscribe({ complete: () => (over = true) });
    await store.close();
    await ended;
    expect(over).toBe(true);
  });

  it('fails when the store does', async () => {
    const store = await begin();
    const broken = altered(store, {
      follow: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the disk is gone')) }),
      }),
    });
    const { ended } = await start(broken);
    await expect(ended).rejects.toThrow('the disk is gone');
  });
});

/** What a follower is told, by hand. */
class Channel {
  readonly #waiting: Followed[] = [];
  #wake: () => void = () => undefined;
  #over = false;

  tell(followed: Followed): void {
    this.#waiting.push(followed);
    this.#wake();
  }

  end(): void {
    this.#over = true;
    this.#wake();
  }

  async *read(): AsyncIterable<Followed> {
    while (!this.#over || this.#waiting.length > 0) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
