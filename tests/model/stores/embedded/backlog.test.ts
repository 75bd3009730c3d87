import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backlog } from '../../../../model/stores/embedded/backlog.ts';

class Item {
  unwrittenSince: number | null;
  constructor(since: number) {
    this.unwrittenSince = since;
  }
}

describe('a backlog', () => {
  it('has no first when nothing was added, and none when all are written', () => {
    const backlog = new Backlog<Item>();
    expect(backlog.first()).toBeUndefined();
    const item = new Item(1);
    backlog.add(item);
    expect(backlog.first()).toBe(item);
    item.unwrittenSince = null;
    expect(backlog.first()).toBeUndefined();
  });

  it('has the oldest that is not written first, whichever are written or removed in between', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 900 }) }) },
      { weight: 2, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 900 }) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const backlog = new Backlog<Item>();
        const expected: Item[] = [];
        let since = 0;
        for (const it of steps) {
          if ('add' in it) {
            for (let i = 0; i < it.add; i++) {
              const item = new Item(since++);
              expected.push(item);
              backlog.add(item);
            }
          } else if ('write' in it) {
            for (let i = 0; i < it.write; i++) {
              const first = backlog.first();
              expect(first).toBe(expected[0]);
              if (first === undefined) break;
              first.unwrittenSince = null;
              expected.shift();
            }
          } else {
            const [removed] = expected.splice(it.remove % Math.max(1, expected.length), 1);
            if (removed !== undefined) removed.unwrittenSince = null;
          }
          expect(backlog.first()).toBe(expected[0]);
        }
      }),
    );
  });
});
