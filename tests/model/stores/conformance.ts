import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ElementKey } from '../../../model/element.ts';
import type { Fact } from '../../../model/fact.ts';
import { compareRevisions, NO_REVISION, parseRevision, type Revision } from '../../../model/revision.ts';
import type { ModelStore, StoredRecord } from '../../../model/store.ts';
import { commits, HOSTILE_TEXTS } from './arbitrary.ts';
import { fact, joined, Replica, scanned } from './facts.ts';
import { startFollowing } from './following.ts';

/** An empty store of a test's own. */
export interface Subject {
  readonly store: ModelStore;
  /** Closes the store and opens another on the same data, as a process does that starts again. */
  reopen(): Promise<ModelStore>;
  /** Closes it and removes its data. */
  dispose(): Promise<void>;
}

export interface SubjectOptions {
  readonly retention?: number;
}

const RUNS = 40;

/** What every ModelStore keeps of its promise. */
export function conformance(name: string, open: (options?: SubjectOptions) => Promise<Subject>): void {
  describe(`${name} as a ModelStore`, () => {
    const subjects: Subject[] = [];
    const begin = async (options?: SubjectOptions): Promise<Subject> => {
      const subject = await open(options);
      subjects.push(subject);
      return subject;
    };
    afterEach(async () => {
      for (const subject of subjects.splice(0)) await subject.dispose();
    });

    describe('state', () => {
      it('is the join of all facts after any interleaving of commits, over a reopening too', async () => {
        await fc.assert(
          fc.asyncProperty(commits, fc.integer({ min: 1, max: 5 }), async (said, atOnce) => {
            const subject = await open();
            try {
              for (let i = 0; i < said.length; i += atOnce) {
                await Promise.all(said.slice(i, i + atOnce).map((facts) => subject.store.commit(facts)));
              }
              const truth = joined(said.flat());
              expect(await scanned(subject.store)).toEqual(truth);
              expect(await scanned(await subject.reopen())).toEqual(truth);
            } finally {
              await subject.dispose();
            }
          }),
          { numRuns: RUNS },
        );
      });

      it('is what a follower from the beginning comes to by joining, and what a second telling does not change', async () => {
        await fc.assert(
          fc.asyncProperty(commits, async (said) => {
            const subject = await open();
            try {
              const { store } = subject;
              const replica = new Replica();
              const told = startFollowing(store, NO_REVISION, (followed) => {
                if (followed.kind === 'changes') replica.apply(followed.changes);
              });
              for (const facts of said) await store.commit(facts);
              const head = await store.head();
              const again = await store.commit(said.flat());
              expect(again).toEqual({ revision: head, won: 0, lost: said.flat().length });
              expect(await store.head()).toBe(head);
              await told.until(({ changes }) => changes.length === parseRevision(head)?.seq);
              expect(replica.state()).toEqual(joined(said.flat()));
              expect(told.resets).toEqual([]);
            } finally {
              await subject.dispose();
            }
          }),
          { numRuns: RUNS },
        );
      });

      it('counts each fact of a commit as won or lost', async () => {
        const { store } = await begin();
        const first = await store.commit([
          fact('host/a', 'x', 5, 1),
          fact('host/a', 'x', 6, 2),
          fact('host/b', 'x', 1, 1),
        ]);
        expect(first).toMatchObject({ won: 2, lost: 1 });
        const second = await store.commit([
          fact('host/a', 'x', 6, 2),
          fact('host/a', 'y', 1, 1),
          fact('host/b', 'x', 2, 1),
        ]);
        expect(second).toMatchObject({ won: 2, lost: 1 });
      });

      it('tells the head for a commit of nothing', async () => {
        const { store } = await begin();
        const { revision } = await store.commit([fact('host/a', 'x', 5, 1)]);
        expect(await store.commit([])).toEqual({ revision, won: 0, lost: 0 });
      });

      it('takes thousands of elements and registers in one commit', async () => {
        const { store } = await begin();
        const facts: Fact[] = [];
        for (let i = 0; i < 4_000; i++) facts.push(fact(`instance/${i}`, 'place', i, `host${i}`));
        for (let i = 0; i < 2_500; i++) facts.push(fact('server_group/g', `member:${i}`, i, true));
        expect(await store.commit(facts)).toMatchObject({ won: facts.length, lost: 0 });
        expect(await scanned(store)).toEqual(joined(facts));
      });

      it('gives all facts of an element in one batch of a scan', async () => {
        const { store } = await begin();
        for (let i = 0; i < 1_000; i++) {
          await store.commit([fact(`instance/${i % 500}`, `r${i % 3}`, i, i), fact('host/a', `r${i}`, i, i)]);
        }
        const seen = new Set<ElementKey>();
        for await (const batch of store.scan()) {
          const elements = new Set(batch.map(({ element }) => element));
          for (const element of elements) expect(seen.has(element)).toBe(false);
          for (const element of elements) seen.add(element);
        }
        expect(seen.size).toBe(501);
      });

      it('keeps hostile names and values as they are', async () => {
        const { store } = await begin();
        const facts = HOSTILE_TEXTS.flatMap((text, i) => [
          fact(`host/${text}`, text, i, text),
          fact('host/plain', text, 99, { [text]: text }),
        ]);
        await store.commit(facts);
        expect(await scanned(store)).toEqual(joined(facts));
        for (const text of HOSTILE_TEXTS) {
          const [last] = await store.history(`host/${text}`, 1);
          expect(last?.facts.map(({ register, value }) => [register, value])).toContainEqual([text, text]);
        }
        expect(Object.getPrototypeOf({})).not.toHaveProperty('polluted');
      });
    });

    describe('changes', () => {
      it('carry the facts that won, without the values that did not change', async () => {
        const { store } = await begin();
        await store.commit([fact('host/a', 'x', 5, { up: true }), fact('host/a', 'y', 5, 1)]);
        const told = startFollowing(store, await store.head());
        const later = [fact('host/a', 'x', 6, { up: true }), fact('host/a', 'y', 4, 2), fact('host/a', 'z', 6, null)];
        await store.commit(later);
        await told.until(({ changes }) => changes.length === 1);
        expect(told.changes[0]).toMatchObject({ element: 'host/a' });
        expect(told.changes[0]?.facts).toEqual([{ ...later[0], value: undefined }, later[2]]);
      });

      it('are not made by a commit that changes nothing', async () => {
        const { store } = await begin();
        const facts = [fact('host/a', 'x', 5, 1)];
        const { revision } = await store.commit(facts);
        const told = startFollowing(store, revision);
        await store.commit(facts);
        await store.commit([fact('host/a', 'x', 4, 0)]);
        await store.commit([fact('host/b', 'x', 4, 0)]);
        await told.until(({ changes }) => changes.length > 0);
        expect(told.changes.map(({ element }) => element)).toEqual(['host/b']);
      });

      it('have revisions that only ever grow, by one within an epoch, over reopening too', async () => {
        const subject = await begin();
        let { store } = subject;
        const told: Revision[] = [];
        for (let opening = 0; opening < 3; opening++) {
          for (let i = 0; i < 5; i++) {
            const time = 10 * opening + i;
            told.push(
              (await store.commit([fact('host/a', 'x', time, time), fact('host/b', 'x', time, time)])).revision,
            );
            expect(await store.head()).toBe(told.at(-1));
          }
          store = await subject.reopen();
        }
        for (const [i, revision] of told.entries()) {
          if (i > 0) expect(compareRevisions(told[i - 1] as Revision, revision)).toBeLessThan(0);
        }
        const following = startFollowing(store);
        await following.until(({ changes }) => changes.length === 30);
        const numbers = following.changes.map(({ revision }) => parseRevision(revision)?.seq);
        expect(numbers).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      });

      it('lead from one to the one before it', async () => {
        const { store } = await begin();
        for (let time = 1; time <= 5; time++) {
          await store.commit([fact('host/a', 'x', time, time)]);
          await store.commit([fact('host/b', 'x', time, time)]);
        }
        const history = await store.history('host/a', 10);
        expect(history.map(({ facts }) => facts[0]?.value)).toEqual([5, 4, 3, 2, 1]);
        expect(history.map(({ facts }) => facts[0]?.cause.id)).toContain('message-3');
        expect(history.map(({ previous }) => previous)).toEqual([
          ...history.slice(1).map(({ revision }) => revision),
          null,
        ]);
        expect(await store.history('host/a', 2)).toEqual(history.slice(0, 2));
        expect(await store.history('host/nobody', 10)).toEqual([]);
      });
    });

    describe('following', () => {
      it('misses nothing after head and scan while several write', async () => {
        const { store } = await begin();
        const all: Fact[] = [];
        let writing = true;
        const write = async (writer: number): Promise<void> => {
          for (let i = 0; writing; i++) {
            const facts = [fact(`instance/${i % 37}`, `by ${writer}`, i, i), fact(`host/${i}`, 'x', i, i)];
            all.push(...facts);
            await store.commit(facts);
          }
        };
        const writers = [write(1), write(2), write(3)];
        const readers: Promise<Replica>[] = [];
        const read = async (): Promise<Replica> => {
          const replica = new Replica();
          const head = await store.head();
          for await (const batch of store.scan()) replica.load(batch);
          const following = startFollowing(store, head, (followed) => {
            if (followed.kind === 'changes') replica.apply(followed.changes);
          });
          await following.until(({ changes }) => changes.length > 200);
          writing = false;
          await Promise.all(writers);
          const last = await store.head();
          await following.until(({ changes }) => changes.at(-1)?.revision === last);
          expect(following.resets).toEqual([]);
          return replica;
        };
        for (let i = 0; i < 3; i++) readers.push(read());
        for (const replica of await Promise.all(readers)) expect(replica.state()).toEqual(joined(all));
      });

      it('tells everything after any revision it told', async () => {
        const { store } = await begin();
        for (let i = 0; i < 20; i++) await store.commit([fact(`host/${i}`, 'x', i, i)]);
        const all = startFollowing(store);
        await all.until(({ changes }) => changes.length === 20);
        for (const at of [0, 7, 18]) {
          const rest = startFollowing(store, all.changes[at]?.revision);
          await rest.until(({ changes }) => changes.length === 19 - at);
          expect(rest.changes).toEqual(all.changes.slice(at + 1));
        }
      });

      it('is reset as behind when the changes after its revision are no longer held, then goes on from the head', async () => {
        const { store } = await begin({ retention: 50 });
        const { revision: first } = await store.commit([fact('host/a', 'x', 1, 1)]);
        for (let i = 2; i < 1_000; i += 1) await store.commit([fact('host/a', 'x', i, i), fact('host/b', 'x', i, i)]);
        const head = await store.head();
        for (const after of [first, NO_REVISION]) {
          const told = startFollowing(store, after);
          await told.until(({ resets }) => resets.length === 1);
          expect(told.resets).toEqual([{ kind: 'reset', reason: 'behind', head }]);
          expect(told.changes).toEqual([]);
        }
        const told = startFollowing(store, first);
        await told.until(({ resets }) => resets.length === 1);
        await store.commit([fact('host/c', 'x', 1, 1)]);
        await told.until(({ changes }) => changes.length === 1);
        expect(told.changes[0]?.element).toBe('host/c');
        const history = await store.history('host/a', 1_000);
        expect(history.length).toBeLessThan(999);
        expect(history[0]?.facts[0]?.value).toBe(999);
      });

      it('is reset when its revision was never given', async () => {
        const { store } = await begin();
        const { revision } = await store.commit([fact('host/a', 'x', 1, 1)]);
        const { epoch, seq } = parseRevision(revision) ?? { epoch: 0, seq: 0 };
        for (const after of [`${epoch}-${seq + 9}`, `${epoch + 1}-0`, `${epoch - 1}-${seq}`] as Revision[]) {
          const told = startFollowing(store, after);
          await told.until(({ resets }) => resets.length === 1);
          expect(told.resets[0]?.head).toBe(revision);
          await store.commit([fact('host/a', 'x', 1, 1)]);
        }
        expect(await store.head()).toBe(revision);
      });

      it('can be left while it waits for a change', async () => {
        const { store } = await begin();
        const left = store.follow(await store.head())[Symbol.asyncIterator]();
        const stays = startFollowing(store);
        const waiting = left.next();
        await left.return?.();
        await store.commit([fact('host/a', 'x', 1, 1)]);
        await stays.until(({ changes }) => changes.length === 1);
        expect(await left.next()).toMatchObject({ done: true });
        await waiting;
      });

      it('ends when the store is closed', async () => {
        const subject = await begin();
        await subject.store.commit([fact('host/a', 'x', 1, 1)]);
        const busy = startFollowing(subject.store);
        const idle = startFollowing(subject.store, await subject.store.head());
        await busy.until(({ changes }) => changes.length === 1);
        await subject.reopen();
        await Promise.all([busy.ended, idle.ended]);
        await expect(subject.store.commit([fact('host/a', 'x', 2, 2)])).rejects.toThrow(/closed/);
      });

      it('is not read and not written any more once the store is closed', async () => {
        const subject = await begin();
        const { store } = subject;
        await store.commit([fact('host/a', 'x', 1, 1)]);
        const late = store.commit([fact('host/a', 'x', 2, 2)]).catch((error: Error) => error.message);
        await subject.reopen();
        expect(await late).not.toBe('');
        await expect(store.collect(['host/a'])).rejects.toThrow(/closed/);
        await expect(store.history('host/a', 1)).rejects.toThrow(/closed/);
        await expect(store.putRecords('k', [{ id: 'a', value: 1 }], 9)).rejects.toThrow(/closed/);
        await expect(store.listRecords('k', null, 9)).rejects.toThrow(/closed/);
      });
    });

    describe('collecting', () => {
      it('forgets elements, which followers see as changes without facts', async () => {
        const subject = await begin();
        const { store } = subject;
        const kept = [fact('instance/b', 'x', 1, 1)];
        const { revision } = await store.commit([
          fact('instance/a', 'x', 1, 1),
          fact('instance/a', 'y', 1, 1),
          ...kept,
        ]);
        const before = (await store.history('instance/a', 1))[0]?.revision;
        const told = startFollowing(store, revision);
        const collected = await store.collect(['instance/a', 'instance/nobody']);
        await told.until(({ changes }) => changes.length === 1);
        expect(told.changes).toEqual([
          { revision: collected.revision, element: 'instance/a', facts: [], previous: before },
        ]);
        expect(await store.history('instance/a', 10)).toEqual([]);
        expect(await scanned(store)).toEqual(joined(kept));
        expect(await scanned(await subject.reopen())).toEqual(joined(kept));
      });

      it('lets an element begin anew', async () => {
        const { store } = await begin();
        await store.commit([fact('instance/a', 'x', 9, 'old'), fact('instance/a', 'y', 9, 'old')]);
        await store.collect(['instance/a']);
        const anew = [fact('instance/a', 'x', 1, 'new')];
        expect(await store.commit(anew)).toMatchObject({ won: 1 });
        expect(await scanned(store)).toEqual(joined(anew));
        expect(await store.history('instance/a', 10)).toMatchObject([{ previous: null }]);
      });

      it('of nothing known changes nothing', async () => {
        const { store } = await begin();
        const head = await store.head();
        expect((await store.collect(['instance/nobody'])).revision).toBe(head);
        expect((await store.collect([])).revision).toBe(head);
      });
    });

    describe('records', () => {
      const record = (n: number): StoredRecord => ({ id: `r${String(n).padStart(5, '0')}`, value: { n } });

      it('are listed in the order of their ids, page by page', async () => {
        const subject = await begin();
        const all = Array.from({ length: 25 }, (_, n) => record(n));
        await subject.store.putRecords('letters', [...all].reverse(), 100);
        const store = await subject.reopen();
        const pages: StoredRecord[] = [];
        for (let after: string | null = null; ; ) {
          const page = await store.listRecords('letters', after, 10);
          expect(page).toMatchObject({ held: 25, ever: 25 });
          if (page.records.length === 0) break;
          expect(page.records.length).toBeLessThanOrEqual(10);
          pages.push(...page.records);
          after = page.records.at(-1)?.id ?? null;
        }
        expect(pages).toEqual(all);
      });

      it('are dropped from the oldest on above the limit, and still counted', async () => {
        const { store } = await begin();
        for (let n = 0; n < 30; n += 3)
          await store.putRecords('letters', [record(n), record(n + 1), record(n + 2)], 10);
        const page = await store.listRecords('letters', null, 100);
        expect(page.records).toEqual(Array.from({ length: 10 }, (_, n) => record(20 + n)));
        expect(page).toMatchObject({ held: 10, ever: 30 });
      });

      it('replace those of the same id', async () => {
        const { store } = await begin();
        await store.putRecords('letters', [record(1), record(2)], 10);
        await store.putRecords('letters', [{ id: record(1).id, value: 'again' }], 10);
        const page = await store.listRecords('letters', null, 10);
        expect(page).toEqual({ records: [{ id: record(1).id, value: 'again' }, record(2)], held: 2, ever: 2 });
      });

      it('of one kind know nothing of another', async () => {
        const { store } = await begin();
        await store.putRecords('letters', [record(1)], 10);
        expect(await store.listRecords('letter', null, 10)).toEqual({ records: [], held: 0, ever: 0 });
        expect(await store.listRecords('letters2', null, 10)).toEqual({ records: [], held: 0, ever: 0 });
        expect(await scanned(store)).toEqual({});
      });

      it('hold large and hostile values, thousands at once', async () => {
        const { store } = await begin();
        const records = Array.from({ length: 3_000 }, (_, n) => ({
          ...record(n),
          value: { text: HOSTILE_TEXTS[n % HOSTILE_TEXTS.length] as string, size: 'x'.repeat(n) },
        }));
        await store.putRecords('letters', records, 5_000);
        const page = await store.listRecords('letters', null, 5_000);
        expect(page.held).toBe(3_000);
        expect(page.records).toEqual(records);
      });
    });

    it('says where it keeps the data, and that nothing is to be mended', async () => {
      const { store } = await begin();
      expect(await store.health()).toEqual({
        kind: expect.any(String),
        location: expect.any(String),
        problems: [],
      });
    });
  });
}
