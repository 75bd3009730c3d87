import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../src/audits/record.ts';
import { Table } from '../../../src/audits/table.ts';

type Row = Stored & { readonly name: string; readonly state: string | null; readonly planUuid: string };

const row = (id: number, state: string | null, deletedAt: number | null = null): Row => ({
  id,
  uuid: `u${id}`,
  name: `name ${id % 7}`,
  state,
  planUuid: `plan ${id % 3}`,
  createdAt: id,
  updatedAt: null,
  deletedAt,
});

const byState = ({ state }: Row): string | null => state;

/** The record, telling whenever a field of it is read. */
function watched(record: Row, look: () => void): Row {
  return new Proxy(record, {
    get(target, field) {
      look();
      return Reflect.get(target, field);
    },
  });
}

/** Pages one after the other, as a client reads them. */
function pages(table: Table<Row>, limit: number, direction: 'asc' | 'desc', sortKey: typeof byState | null): Row[] {
  const found: Row[] = [];
  for (let marker: Row | null = null; ; ) {
    const page = table.page({ sortKey, direction, marker, limit, deleted: false });
    found.push(...page);
    if (page.length < limit) return found;
    marker = page.at(-1) ?? null;
  }
}

describe('a table', () => {
  it('gives pages that are together all the living in order, however they came and changed', () => {
    const write = fc.record({
      id: fc.integer({ min: 1, max: 30 }),
      state: fc.constantFrom('A', 'B', 'C', null),
      gone: fc.constantFrom('no', 'deleted', 'removed'),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 80 }), fc.integer({ min: 1, max: 7 }), (writes, limit) => {
        const table = new Table<Row>();
        const truth = new Map<number, Row>();
        writes.forEach(({ id, state, gone }, i) => {
          table.page({ sortKey: byState, direction: 'asc', marker: null, limit: 1, deleted: true }); // has an index
          const record = row(id, state, gone === 'deleted' ? i : null);
          table.put(record.uuid, i + 1, gone === 'removed' ? null : record);
          if (gone === 'removed') truth.delete(id);
          else truth.set(id, record);
        });
        const living = [...truth.values()].filter(({ deletedAt }) => deletedAt === null);
        const byId = living.toSorted((a, b) => a.id - b.id);
        const sorted = living.toSorted((a, b) => (a.state ?? '').localeCompare(b.state ?? '') || a.id - b.id);
        expect(pages(table, limit, 'asc', null)).toEqual(byId);
        expect(pages(table, limit, 'desc', null)).toEqual(byId.toReversed());
        expect(pages(table, limit, 'asc', byState)).toEqual(sorted);
        expect(pages(table, limit, 'desc', byState)).toEqual(sorted.toReversed());
        for (const plan of ['plan 0', 'plan 1', 'plan 2']) {
          const members = [...truth.values()].filter(({ planUuid }) => planUuid === plan);
          expect(table.ofPlan(plan)).toEqual(members.toSorted((a, b) => a.id - b.id));
        }
        expect(table.size).toBe(truth.size);
      }),
    );
  });

  it('gives a page without looking at what is deleted, however much that is', () => {
    let looks = 0;
    const table = new Table<Row>();
    for (let id = 1; id <= 2_000; id += 1) {
      const record = watched(row(id, 'A', id % 200 === 0 ? null : id), () => looks++);
      table.put(record.uuid, 1, record);
    }
    for (const sortKey of [null, byState]) {
      for (const direction of ['asc', 'desc'] as const) {
        table.page({ sortKey, direction, marker: null, limit: 1, deleted: false }); // has an index
        looks = 0;
        const first = table.page({ sortKey, direction, marker: null, limit: 5, deleted: false });
        const second = table.page({ sortKey, direction, marker: first.at(-1) as Row, limit: 5, deleted: false });
        expect(looks).toBeLessThan(50); // ten are living, and the marker's place is sought among them
        expect([first.length, second.length]).toEqual([5, 5]);
      }
    }
    looks = 0;
    expect(table.ofPlan('plan 0', { deleted: false })).toHaveLength(3);
    expect(looks).toBeLessThan(50);
  });

  it('takes out what is sorted by something that was forgotten before it', () => {
    const table = new Table<Row>();
    const ranks = new Map([5, 1, 4, 2, 3].map((rank, id) => [id, rank]));
    const byRank = ({ id }: Row): number | null => ranks.get(id) ?? null;
    const listed = (): number[] =>
      table.page({ sortKey: byRank, direction: 'asc', marker: null, limit: 9, deleted: false }).map(({ id }) => id);
    for (const id of ranks.keys()) table.put(`u${id}`, 1, row(id, 'A'));
    expect(listed()).toEqual([1, 3, 4, 2, 0]);
    ranks.delete(0);
    table.put('u0', 2, null);
    expect(listed()).toEqual([1, 3, 4, 2]);
  });

  it('goes on after a marker that was deleted', () => {
    const table = new Table<Row>();
    for (const id of [1, 2, 3, 4]) table.put(`u${id}`, 1, row(id, 'A', id === 2 ? 1 : null));
    const following = (direction: 'asc' | 'desc'): number[] =>
      table
        .page({ sortKey: null, direction, marker: table.get('u2') ?? null, limit: 9, deleted: false })
        .map(({ id }) => id);
    expect(following('asc')).toEqual([3, 4]);
    expect(following('desc')).toEqual([1]);
  });

  it('keeps the later version, whichever comes last', () => {
    const table = new Table<Row>();
    expect(table.put('u1', 2, row(1, 'B'))).toBe(true);
    expect(table.put('u1', 1, row(1, 'A'))).toBe(false);
    expect(table.get('u1')?.state).toBe('B');
    expect(table.version('u1')).toBe(2);
  });

  it('finds the living by name', () => {
    const table = new Table<Row>();
    table.put('u1', 1, row(1, 'A', 5));
    expect(table.byName('name 1')).toBeUndefined();
    table.put('u8', 1, row(8, 'A'));
    expect(table.byName('name 1')?.uuid).toBe('u8');
    expect(table.byId(1)?.uuid).toBe('u1');
  });
});
