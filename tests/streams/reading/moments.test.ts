import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { momentsOf, readOf } from '../api-reads.ts';
import { recordings, traces } from '../corpus.ts';
import { differences, factsOfBodies, modelOf } from '../replayed.ts';

const SECOND = 1_000_000;

/** Reads at random moments: the time stated is the one of asking, rounded down by up to a second as the Date header is. */
describe.each([...traces(), ...recordings()])('$name, with reads of the API at random moments', (scenario) => {
  const messages = factsOfBodies(scenario.bodies);
  const moments = momentsOf(scenario);
  const read = fc
    .record({
      moment: fc.nat({ max: Math.max(moments.length - 1, 0) }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      early: fc.integer({ min: 0, max: SECOND }),
    })
    .map(({ moment, at, early }): Fact[] => {
      const one = moments[moment];
      if (one === undefined) return [];
      const asked = Math.round(one.from + (one.until - one.from) * at);
      return readOf(one.uuid, one.row, asked - early, one.updated);
    });

  it('ends in its true state, whatever comes in which order', () => {
    const mixed = fc.array(read, { maxLength: 6 }).chain((reads) => {
      const all = [...messages, ...reads];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });
    fc.assert(
      fc.property(mixed, (order) => {
        expect(differences(modelOf(order), scenario.truth)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
