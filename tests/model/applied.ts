import fc from 'fast-check';
import type { Fact } from '../../model/fact.ts';
import { LiveModel, type ModelChange } from '../../model/live-model.ts';
import type { Change } from '../../model/store.ts';
import { changesOf } from './world.ts';

/** Sizes of batches, for {@link applied}. */
export const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

/** A change for each fact, as a store tells them that commits one at a time and knows of no other. */
export function oneByOne(facts: readonly Fact[]): Change[] {
  return changesOf(facts.map((one) => ({ facts: [one] })));
}

/** Applies changes in batches of the given sizes, in turn. */
export function applied(
  changes: readonly Change[],
  sizes: readonly number[] = [1],
): { model: LiveModel; visible: ModelChange[] } {
  const model = new LiveModel();
  const visible: ModelChange[] = [];
  for (let i = 0, turn = 0; i < changes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    visible.push(...model.apply(changes.slice(i, i + size)));
    i += size;
  }
  return { model, visible };
}
