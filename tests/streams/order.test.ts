import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import { mixable, recordings, traces } from './corpus.ts';
import { differences, factsOfBodies, modelOf } from './replayed.ts';

const isStart = (body: Buffer): boolean => body.includes('.start\\"');

describe.each([...traces(), ...recordings()])('$name', ({ bodies, truth }) => {
  const messages = factsOfBodies(bodies);

  it('ends in its true state as emitted', () => {
    expect(differences(modelOf(messages), truth)).toEqual([]);
  });

  it('ends in its true state in any order, with any duplicates', () => {
    const shuffled = fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length });
    const complete = shuffled.map((some) => [...some, ...messages.filter((one) => !some.includes(one))]);
    fc.assert(
      fc.property(complete, (order: Fact[][]) => {
        expect(differences(modelOf(order), truth)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('ends in its true state without .start events', () => {
    expect(differences(modelOf(factsOfBodies(bodies.filter((body) => !isStart(body)))), truth)).toEqual([]);
  });
});

it('all scenarios mixed together end in their true states, in any order', () => {
  const all = mixable([...traces(), ...recordings()]);
  const messages = all.flatMap(({ bodies }) => factsOfBodies(bodies));
  fc.assert(
    fc.property(fc.shuffledSubarray(messages, { minLength: messages.length }), (order) => {
      const model = modelOf(order);
      expect(all.flatMap(({ truth }) => differences(model, truth))).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

it('the corpus tells of as many instances as it should', () => {
  const told = [...traces(), ...recordings()].reduce((sum, { truth }) => sum + truth.size, 0);
  expect(told).toBeGreaterThanOrEqual(50);
});
