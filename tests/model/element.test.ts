import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ELEMENT_KINDS, elementId, elementKey, elementKind } from '../../model/element.ts';

it('the name of an element tells its kind and id, whatever the id contains', () => {
  const ids = fc.oneof(fc.string(), fc.constantFrom('a/b', '/', '__proto__', 'host/x', ''));
  fc.assert(
    fc.property(fc.constantFrom(...ELEMENT_KINDS), ids, (kind, id) => {
      const key = elementKey(kind, id);
      expect(elementKind(key)).toBe(kind);
      expect(elementId(key)).toBe(id);
    }),
  );
});
