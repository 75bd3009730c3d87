import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import type { Ledger, LedgerEvent, LedgerRecord, LedgerWrite } from '../../../model/ledger.ts';
import type { ModelStore } from '../../../model/store.ts';
import { HOSTILE_TEXTS } from './arbitrary.ts';
import type { Subject } from './conformance.ts';

const write = (id: string, seen: number, value: Value | null, kind = 'audit'): LedgerWrite => ({
  kind,
  id,
  seen,
  value,
});

/** A follower that keeps what it is told, listing a kind after each reset, as replicas do. */
class Copy {
  readonly records = new Map<string, LedgerRecord>();
  resets = 0;
  readonly #events: AsyncIterator<LedgerEvent>;
  readonly ended: Promise<void>;
  #wake: () => void = () => undefined;

  constructor(ledger: Ledger) {
    this.#events = ledger.follow()[Symbol.asyncIterator]();
    this.ended = this.#run(ledger);
  }

  async until(holds: (copy: Copy) => boolean): Promise<void> {
    while (!holds(this)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async leave(): Promise<void> {
    await this.#events.return?.();
  }

  async #run(ledger: Ledger): Promise<void> {
    for (;;) {
      const { done, value } = await this.#events.next();
      if (done === true) return;
      if (value.kind === 'reset') {
        this.resets += 1;
        this.records.clear();
        for (const record of await ledger.list('audit', null, 1_000)) this.#take(record);
      } else for (const record of value.records) this.#take(record);
      this.#wake();
    }
  }

  #take(record: LedgerRecord): void {
    if (record.kind !== 'audit' || (this.records.get(record.id)?.version ?? 0) >= record.version) return;
    this.records.set(record.id, record);
  }
}

/** What every Ledger keeps of its promise. */
export function ledgerConformance(name: string, open: () => Promise<Subject>): void {
  describe(`${name} as a Ledger`, () => {
    let subject: Subject;
    let store: ModelStore;
    let ledger: Ledger;
    beforeEach(async () => {
      subject = await open();
      store = subject.store;
      ledger = store.ledger;
    });
    afterEach(() => subject.dispose());

    const reopen = async (): Promise<void> => {
      store = await subject.reopen();
      ledger = store.ledger;
    };

    describe('records', () => {
      it('are written by whoever saw their last version, and by nobody else', async () => {
        expect(await ledger.get('audit', 'a')).toBeNull();
        expect(await ledger.write([write('a', 0, 'first')])).toEqual([
          { kind: 'audit', id: 'a', version: 1, value: 'first' },
        ]);
        expect(await ledger.write([write('a', 0, 'again')])).toBeNull();
        expect(await ledger.write([write('a', 2, 'early')])).toBeNull();
        expect(await ledger.write([write('a', 1, 'second')])).toMatchObject([{ version: 2 }]);
        expect(await ledger.write([write('a', 1, 'late')])).toBeNull();
        await reopen();
        expect(await ledger.get('audit', 'a')).toEqual({ kind: 'audit', id: 'a', version: 2, value: 'second' });
      });

      it('are written all or none', async () => {
        await ledger.write([write('a', 0, 1), write('b', 0, 1)]);
        expect(await ledger.write([write('a', 1, 2), write('b', 2, 2), write('c', 0, 2)])).toBeNull();
        expect(await ledger.list('audit', null, 10)).toMatchObject([
          { id: 'a', version: 1, value: 1 },
          { id: 'b', version: 1, value: 1 },
        ]);
        expect(await ledger.write([])).toEqual([]);
      });

      it('never go back in version, also when they are removed and made again', async () => {
        await ledger.write([write('a', 0, 1)]);
        await ledger.write([write('a', 1, 2)]);
        expect(await ledger.write([write('a', 2, null)])).toEqual([
          { kind: 'audit', id: 'a', version: 3, value: null },
        ]);
        expect(await ledger.get('audit', 'a')).toBeNull();
        expect(await ledger.write([write('a', 3, 3)])).toBeNull();
        await reopen();
        expect(await ledger.write([write('a', 0, 4)])).toMatchObject([{ version: 4 }]);
      });

      it('are listed by kind in the order of their ids, page by page', async () => {
        const ids = Array.from({ length: 25 }, (_, n) => `r${String(n).padStart(3, '0')}`);
        await ledger.write(ids.toReversed().map((id) => write(id, 0, id)));
        await ledger.write([write('r001', 0, 'other', 'audits'), write('r001', 0, 'other', 'audi')]);
        const found: LedgerRecord[] = [];
        for (let after: string | null = null; ; ) {
          const page = await ledger.list('audit', after, 10);
          if (page.length === 0) break;
          found.push(...page);
          after = page.at(-1)?.id ?? null;
        }
        expect(found.map(({ id }) => id)).toEqual(ids);
        expect(await ledger.list('audi', null, 10)).toMatchObject([{ value: 'other' }]);
      });

      it('hold hostile ids and values as they are', async () => {
        const writes = HOSTILE_TEXTS.filter((text) => text !== '' && !text.includes('\ud800')).map((text) =>
          write(text, 0, { [text]: [text] }),
        );
        const copy = new Copy(ledger);
        await copy.until(({ resets }) => resets === 1);
        await ledger.write(writes);
        for (const { id, value } of writes) expect((await ledger.get('audit', id))?.value).toEqual(value);
        await copy.until(({ records }) => records.size === writes.length);
        for (const { id, value } of writes) expect(copy.records.get(id)?.value).toEqual(value);
      });

      it('count every increment of many writers that try again', async () => {
        await ledger.write([write('n', 0, 0)]);
        const increment = async (): Promise<void> => {
          for (;;) {
            const seen = await ledger.get('audit', 'n');
            const next = write('n', seen?.version ?? 0, Number(seen?.value) + 1);
            if ((await ledger.write([next])) !== null) return;
          }
        };
        await Promise.all(Array.from({ length: 20 }, increment));
        expect(await ledger.get('audit', 'n')).toMatchObject({ value: 20, version: 21 });
      });
    });

    describe('following', () => {
      it('begins with a reset, then tells every write, so that a copy is never without one', async () => {
        const writes = fc.array(
          fc.record({ id: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.integer(), { nil: null }) }),
          { minLength: 1, maxLength: 20 },
        );
        await fc.assert(
          fc.asyncProperty(writes, fc.nat(20), async (said, from) => {
            const fresh = await open();
            try {
              const mine = fresh.store.ledger;
              const versions = new Map<string, number>();
              let copy: Copy | null = null;
              for (const [i, { id, value }] of said.entries()) {
                if (i === Math.min(from, said.length - 1)) copy = new Copy(mine);
                const seen = versions.get(id) ?? 0;
                const [written] = (await mine.write([write(id, seen, value)])) ?? [];
                versions.set(id, value === null ? 0 : (written?.version ?? -1));
              }
              const truth = await mine.list('audit', null, 10);
              const held = (): LedgerRecord[] =>
                [...(copy?.records.values() ?? [])].filter(({ value }) => value !== null);
              await copy?.until(
                ({ resets }) =>
                  resets === 1 &&
                  held().length === truth.length &&
                  truth.every(({ id, version }) => {
                    return copy?.records.get(id)?.version === version;
                  }),
              );
              expect(copy?.resets).toBe(1);
              await copy?.leave();
            } finally {
              await fresh.dispose();
            }
          }),
          { numRuns: 20 },
        );
      });

      it('tells the writes of a transaction together and of each record in order', async () => {
        const copy = new Copy(ledger);
        await copy.until(({ resets }) => resets === 1);
        for (let n = 0; n < 30; n++) await ledger.write([write('a', n, n), write('b', n, n)]);
        await copy.until(({ records }) => records.get('b')?.version === 30);
        expect(copy.records.get('a')).toMatchObject({ version: 30, value: 29 });
      });

      it('ends with the store, and can be left before', async () => {
        const left = new Copy(ledger);
        const stays = new Copy(ledger);
        await Promise.all([left, stays].map((copy) => copy.until(({ resets }) => resets === 1)));
        await left.leave();
        await reopen();
        await Promise.all([left.ended, stays.ended]);
        await ledger.write([write('a', 0, 1)]);
        expect(left.records.size).toBe(0);
      });
    });

    describe('leases', () => {
      const LONG = 60_000;

      it('are held by one, who may prolong them', async () => {
        const mine = await ledger.lease('engine', 'one', LONG);
        expect(mine).toMatchObject({ name: 'engine', holder: 'one' });
        expect(await ledger.lease('engine', 'two', LONG)).toBeNull();
        expect(await ledger.lease('engine', 'one', LONG)).toEqual(mine);
        expect(await ledger.lease('applier', 'two', LONG)).toMatchObject({ holder: 'two' });
      });

      it('pass on with a greater token when given back or ended', async () => {
        const first = await ledger.lease('engine', 'one', LONG);
        if (first === null) throw new Error('not given');
        await ledger.release(first);
        const second = await ledger.lease('engine', 'two', 1);
        expect(second?.token).toBeGreaterThan(first.token);
        await ledger.release(first); // not theirs any more: does nothing
        await expect.poll(() => ledger.lease('engine', 'three', LONG)).not.toBeNull();
        const third = await ledger.lease('engine', 'three', LONG);
        expect(third?.token).toBeGreaterThan(second?.token ?? Infinity);
        expect(await ledger.lease('engine', 'two', LONG)).toBeNull();
      });

      it('that were lost write nothing', async () => {
        const first = await ledger.lease('engine', 'one', LONG);
        if (first === null) throw new Error('not given');
        expect(await ledger.write([write('a', 0, 1)], first)).not.toBeNull();
        await ledger.release(first);
        expect(await ledger.write([write('a', 1, 2)], first)).toBeNull();
        const second = await ledger.lease('engine', 'two', LONG);
        if (second === null) throw new Error('not given');
        expect(await ledger.write([write('a', 1, 3)], first)).toBeNull();
        expect(await ledger.write([write('a', 1, 4)], second)).not.toBeNull();
        expect(await ledger.get('audit', 'a')).toMatchObject({ value: 4 });
      });

      it('that have ended write nothing, though nobody took them', async () => {
        const lease = await ledger.lease('engine', 'one', 1);
        if (lease === null) throw new Error('not given');
        await expect.poll(() => ledger.write([], lease)).toBeNull();
        expect(await ledger.write([write('a', 0, 1)], lease)).toBeNull();
      });

      it('have greater tokens after the store was opened again', async () => {
        const before = await ledger.lease('engine', 'one', 1);
        await reopen();
        await expect.poll(() => ledger.lease('engine', 'two', LONG)).not.toBeNull();
        const after = await ledger.lease('engine', 'two', LONG);
        expect(after?.token).toBeGreaterThan(before?.token ?? Infinity);
      });
    });
  });
}
