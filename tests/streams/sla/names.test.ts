import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Names } from '../../../streams/sla/windows/names.ts';

/** What is done with a name: it gets a number and one more user, loses a user, or is looked for. */
const step = fc.record({
  what: fc.constantFrom('use', 'release', 'find'),
  name: fc.constantFrom('', 'a', 'b', 'c', 'd'),
});

describe('names', () => {
  it('have a number of their own while they are used, and none before and after, in whatever order they are looked for', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const names = new Names();
        const uses = new Map<string, { readonly id: number; count: number }>();
        for (const { what, name } of steps) {
          const known = uses.get(name);
          if (what === 'use') {
            const id = names.id(name);
            if (known === undefined) expect([...uses.values()].map((other) => other.id)).not.toContain(id);
            else expect(id).toBe(known.id);
            names.use(id);
            uses.set(name, { id, count: (known?.count ?? 0) + 1 });
          } else if (what === 'release' && known !== undefined) {
            names.release(known.id);
            if (known.count === 1) uses.delete(name);
            else known.count -= 1;
          }
          expect(names.find(name)).toBe(uses.get(name)?.id);
          for (const [other, { id }] of uses) expect(names.find(other)).toBe(id);
        }
      }),
      { numRuns: 300 },
    );
  });
});
