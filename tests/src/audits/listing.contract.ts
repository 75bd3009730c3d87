import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../model/ledger.ts';
import { openRedisStore } from '../../../model/stores/redis/redis-store.ts';
import { Book } from '../../../src/audits/book.ts';
import { temporaryStore } from '../../model/stores/temporary.ts';
import { useRedis } from '../../services/use.ts';
import { ALICE, auditRecord } from './desk.ts';

const AUDITS = 10_000;
const WRITTEN_AT_ONCE = 1_000;
const PAGE = 100;
/** Records that are compared with the marker to find its place: the logarithm of their number. */
const SOUGHT = Math.ceil(Math.log2(AUDITS)) + 1;

const STORES = {
  embedded: async () => temporaryStore(),
  redis: async () => {
    const { url, prefix } = await useRedis();
    const store = await openRedisStore({ url, cloud: `${prefix}-${randomUUID()}` });
    return { store, dispose: () => store.close() };
  },
};

describe.each(Object.entries(STORES))('ten thousand audits in the %s store', (_, open) => {
  it('cost the same to list at the end as at the beginning: nothing is read, and little else is looked at', async () => {
    const { store, dispose } = await open();
    try {
      await fill(store.ledger);
      const reads = { count: 0 };
      const book = new Book(counted(store.ledger, reads));
      await book.open();
      expect(reads.count).toBeGreaterThan(AUDITS / WRITTEN_AT_ONCE);
      for (const sorted of [false, true]) {
        reads.count = 0;
        const looks = pagesOf(book, sorted);
        expect(looks).toHaveLength(AUDITS / PAGE);
        expect(Math.max(...looks)).toBeLessThanOrEqual(2 * (PAGE + SOUGHT));
        expect(reads.count).toBe(0);
      }
    } finally {
      await dispose();
    }
  });
});

async function fill(ledger: Ledger): Promise<void> {
  for (let at = 0; at < AUDITS; at += WRITTEN_AT_ONCE) {
    const records = Array.from({ length: WRITTEN_AT_ONCE }, (_, i) => auditRecord(at + i + 1, ALICE));
    const written = await ledger.write(
      records.map((value) => ({ kind: 'audit', id: value.uuid, seen: 0, value: { ...value } })),
    );
    expect(written).not.toBeNull();
  }
}

/** How often records were looked at for each page, from the first to the last. */
function pagesOf({ audits }: Book, sorted: boolean): number[] {
  let looks = 0;
  const look = <T>(value: T): T => {
    looks += 1;
    return value;
  };
  const sortKey = sorted ? ({ name }: { readonly name: string }) => look(name) : null;
  const page = (marker: ReturnType<typeof audits.get> | null) =>
    audits.page({ ...{ sortKey, direction: 'asc', limit: PAGE, deleted: false }, marker: marker ?? null, where });
  const where = (): boolean => look(true);
  page(null); // makes the index
  const perPage: number[] = [];
  let seen = 0;
  for (let marker: ReturnType<typeof audits.get> | null = null; seen < AUDITS; ) {
    looks = 0;
    const found = page(marker);
    perPage.push(looks);
    seen += found.length;
    marker = found.at(-1) ?? null;
    expect(found).toHaveLength(PAGE);
  }
  return perPage;
}

function counted(ledger: Ledger, reads: { count: number }): Ledger {
  const count = <A extends readonly unknown[], R>(read: (...given: A) => R) => {
    return (...given: A): R => {
      reads.count += 1;
      return read(...given);
    };
  };
  return {
    get: count(ledger.get.bind(ledger)),
    list: count(ledger.list.bind(ledger)),
    write: ledger.write.bind(ledger),
    follow: ledger.follow.bind(ledger),
    lease: ledger.lease.bind(ledger),
    release: ledger.release.bind(ledger),
  };
}
