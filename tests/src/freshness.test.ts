import { describe, expect, it } from 'vitest';
import { FreshnessWatch } from '../../src/freshness.ts';
import type { SourceEvent } from '../../streams/source.ts';

/** What happens to a watch, in order: an event of a source, a pass that began then, the loss of the store's data. */
type Step =
  | readonly [at: number, source: 'a' | 'b', kind: SourceEvent['kind']]
  | readonly [at: number, 'pass', startedAt: number]
  | readonly [at: number, 'lost'];

function watched(steps: readonly Step[], reconciles: boolean, sources: readonly string[] = ['a']): FreshnessWatch {
  const watch = new FreshnessWatch(sources, reconciles);
  for (const step of steps) {
    if (step[1] === 'pass') watch.passed(step[2]);
    else if (step[1] === 'lost') watch.outdated(step[0]);
    else watch.source(step[1], { kind: step[2], detail: `${step[2]} at ${step[0]}` }, step[0]);
  }
  return watch;
}

const UP: readonly Step[] = [
  [1, 'a', 'connecting'],
  [2, 'a', 'connected'],
];
const CAUGHT_UP: readonly Step[] = [...UP, [3, 'a', 'caught-up']];

/** Whether the model is synced after the steps; the reason if not. */
const WITHOUT_API: readonly (readonly [string, readonly Step[], RegExp | null])[] = [
  ['nothing happened', [], /a is not connected: not started yet/],
  ['it is connecting', [[1, 'a', 'connecting']], /a is not connected: connecting at 1/],
  ['it waits', [[1, 'a', 'waiting']], /a is not connected: waiting at 1/],
  ['it is connected', UP, /a is still catching up/],
  ['it has caught up', CAUGHT_UP, null],
  ['it was read to its end', [...UP, [3, 'a', 'ended']], null],
  ['it broke off', [...CAUGHT_UP, [4, 'a', 'connecting']], /a is not connected/],
  ['it waits again', [...CAUGHT_UP, [4, 'a', 'waiting']], /a is not connected: waiting at 4/],
  ['it is back', [...CAUGHT_UP, [4, 'a', 'waiting'], [5, 'a', 'connected']], /a is still catching up/],
  ['it is back and has caught up', [...CAUGHT_UP, [4, 'a', 'waiting'], ...CAUGHT_UP], null],
  ['it has caught up after a gap, which nobody can mend', [...UP, [3, 'a', 'gap'], [4, 'a', 'caught-up']], null],
];

const WITH_API: readonly (readonly [string, readonly Step[], RegExp | null])[] = [
  ['nothing happened', [], /a is not connected/],
  ['it is connected and has caught up, but nothing was read', CAUGHT_UP, /full pass/],
  ['a pass is complete', [...UP, [4, 'pass', 3]], null],
  ['a pass is complete, but it is not connected', [[4, 'pass', 3]], /a is not connected/],
  ['there was a gap after the pass', [...CAUGHT_UP, [4, 'pass', 3], [5, 'a', 'gap']], /full pass/],
  ['there was a gap during the pass', [...CAUGHT_UP, [5, 'a', 'gap'], [6, 'pass', 4]], /full pass/],
  ['a pass began after the gap', [...CAUGHT_UP, [5, 'a', 'gap'], [9, 'pass', 6]], null],
  ['a pass began at once with the gap, in its very millisecond', [...CAUGHT_UP, [5, 'a', 'gap'], [9, 'pass', 5]], null],
  ['an older pass ends after a newer one', [...CAUGHT_UP, [5, 'a', 'gap'], [8, 'pass', 6], [9, 'pass', 4]], null],
  [
    'a pass began after the gap, while older messages still wait',
    [...UP, [5, 'a', 'gap'], [9, 'pass', 6]],
    /after a gap/,
  ],
  ['and those were taken in as well', [...UP, [5, 'a', 'gap'], [9, 'pass', 6], [9, 'a', 'caught-up']], null],
  ['the store lost data after the pass', [...UP, [4, 'pass', 3], [5, 'lost']], /full pass/],
  ['the store lost data, and a pass followed', [...UP, [4, 'pass', 3], [5, 'lost'], [9, 'pass', 6]], null],
  ['it broke off and is back without a gap', [...UP, [4, 'pass', 3], [5, 'a', 'waiting'], [6, 'a', 'connected']], null],
];

describe.each([
  ['without an API', WITHOUT_API, false],
  ['with an API', WITH_API, true],
] as const)('the model %s', (_, cases, reconciles) => {
  it.each(cases)('is judged right when %s', (__, steps, reason) => {
    const { synced, reasons } = watched(steps, reconciles).now(true, 100);
    expect(synced).toBe(reason === null);
    if (reason === null) expect(reasons).toEqual([]);
    else expect(reasons).toEqual([expect.stringMatching(reason), ...reasons.slice(1)]);
  });
});

describe('the model', () => {
  it('is not synced before the store is loaded, whatever else holds', () => {
    const { synced, reasons } = watched(CAUGHT_UP, false).now(false, 100);
    expect({ synced, reasons }).toEqual({ synced: false, reasons: [expect.stringMatching(/being loaded/)] });
  });

  it('is synced only when all sources are, and names each that is not', () => {
    const watch = watched([...CAUGHT_UP, [4, 'b', 'connected']], false, ['a', 'b']);
    expect(watch.now(true, 100)).toMatchObject({ synced: false, reasons: [expect.stringMatching(/^b is still/)] });
    watch.source('a', { kind: 'waiting', detail: 'refused' }, 5);
    expect(watch.now(true, 100).reasons).toHaveLength(2);
  });

  it('is synced without any source once a pass is complete', () => {
    const watch = new FreshnessWatch([], true);
    expect(watch.now(true, 100).synced).toBe(false);
    watch.passed(1);
    expect(watch.now(true, 100).synced).toBe(true);
  });

  it('takes no notice of sources nobody configured', () => {
    const watch = watched(CAUGHT_UP, false);
    watch.source('stranger', { kind: 'waiting', detail: '' }, 9);
    expect(watch.now(true, 100).synced).toBe(true);
    expect(watch.last('stranger')).toBeUndefined();
    expect(watch.last('a')).toEqual({ kind: 'caught-up', detail: 'caught-up at 3' });
  });

  it('is as old as what was heard last, never younger than nothing', () => {
    const watch = new FreshnessWatch([], false);
    expect(watch.now(true, 5_000).ageSeconds).toBeNull();
    watch.heard(4_000);
    expect(watch.now(true, 5_500).ageSeconds).toBe(1.5);
    expect(watch.now(true, 3_000).ageSeconds).toBe(0);
  });

  it('is as old as what this process or the one that asks for it heard last, whichever is later', () => {
    const watch = new FreshnessWatch([], true);
    watch.heardElsewhere(2_000);
    expect(watch.now(true, 5_000).ageSeconds).toBe(3);
    watch.heard(4_000);
    watch.heardElsewhere(3_000);
    expect(watch.now(true, 5_000).ageSeconds).toBe(1);
  });
});

it('the model is not synced while much is missing from the lists and held', () => {
  const watch = watched([...UP, [4, 'pass', 3]], true);
  const held = watch.now(true, 10, { instance: 30, server_group: 25 });
  expect(held.synced).toBe(false);
  expect(held.reasons).toHaveLength(2);
  expect(held.reasons[1]).toMatch(/^25 server groups are missing from the cloud's lists and are kept until a second/);
  expect(watch.now(true, 10, {}).synced).toBe(true);
});
