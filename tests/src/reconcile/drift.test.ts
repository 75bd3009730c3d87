import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { correctionsOf, Drift } from '../../../src/reconcile/drift.ts';
import { factsOfMissingServer, factsOfServer } from '../../../streams/reading/server.ts';
import { SECOND, stampAt, TEN } from '../../streams/reading/reading.ts';
import { modelOf } from '../../streams/replayed.ts';
import { fakeServer } from '../openstack/fake-cloud.ts';
import { updateFacts } from './lab.ts';

const told = (data: Record<string, unknown> = {}, time = TEN): readonly Fact[] => updateFacts('i', data, time);

const read = (changes: Record<string, unknown> = {}): Fact[] =>
  factsOfServer(fakeServer('i', changes), stampAt(TEN + 60 * SECOND));

/** Register and cause of each correction. */
const corrected = (facts: readonly Fact[], ...before: (readonly Fact[])[]): string[] =>
  correctionsOf(facts, modelOf(before)).map(({ register, cause }) => `${register} ${cause}`);

describe('a read corrects', () => {
  it('nothing when the model is right, although only reads tell some registers', () => {
    expect(corrected(read(), told())).toEqual([]);
  });

  it('what it tells otherwise, and knows who had told the wrong value', () => {
    const moved = { 'OS-EXT-SRV-ATTR:host': 'host-2', metadata: { a: 'b' } };
    expect(corrected(read(moved), told())).toEqual(['place instance.update', 'metadata instance.update']);
    expect(corrected(read(moved), read())).toEqual([]);
  });

  it('nothing that was told after it', () => {
    const later = updateFacts('i', { host: 'host-2' }, TEN + 90 * SECOND, '2026-11-20T10:00:05Z');
    expect(corrected(read(), later)).toEqual([]);
  });

  it('what is gone, and what was never told of', () => {
    const gone = factsOfMissingServer('i', stampAt(TEN + 60 * SECOND));
    expect(corrected(gone, told())).toEqual(['life nothing']);
    expect(corrected(gone, told(), gone)).toEqual([]);
    expect(corrected(read())).toEqual(['element nothing']);
  });

  it('early what was saved just before it: its notification may be under way', () => {
    const saved = { 'OS-EXT-SRV-ATTR:host': 'host-2', updated: '2026-11-23T10:00:55Z' };
    expect(correctionsOf(read(saved), modelOf([told()]))).toMatchObject([{ register: 'place', early: true }]);
  });
});

describe('drift', () => {
  const place = { element: 'instance/i', register: 'place', cause: 'instance.update', early: false } as const;

  it('counts by register and cause, most frequent first', () => {
    const drift = new Drift();
    drift.add([{ ...place, register: 'state' }, place, place, { ...place, early: true }]);
    expect(drift.report()).toEqual({
      counts: [
        { register: 'place', cause: 'instance.update', count: 2 },
        { register: 'state', cause: 'instance.update', count: 1 },
      ],
      total: 3,
      early: 1,
    });
  });

  it('does not count what a model that was never complete lacks', () => {
    const drift = new Drift();
    const missed = { ...place, register: 'element', cause: 'nothing' };
    drift.add([missed]);
    drift.prime();
    drift.add([missed]);
    expect(drift.report().total).toBe(1);
  });
});
