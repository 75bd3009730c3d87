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
