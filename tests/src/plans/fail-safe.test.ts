import { describe, expect, it } from 'vitest';
import { type Automation, RUNNING } from '../../../src/audits/automation.ts';
import { readWindow } from '../../../src/plans/change-windows.ts';
import { FailSafe, type Surroundings } from '../../../src/plans/fail-safe.ts';
import type { Freshness } from '../../../src/service-state.ts';
import { ALICE } from '../audits/desk.ts';

const NOON = Date.parse('2026-11-25T12:00:00Z');
const FRESH: Freshness = { synced: true, reasons: [], ageSeconds: 1 };

interface Is {
  readonly freshness?: Freshness;
  readonly held?: { readonly [kind: string]: number };
  readonly automation?: Automation;
  readonly windows?: readonly string[];
}

function failSafe({ freshness = FRESH, held = {}, automation = RUNNING, windows = [] }: Is): FailSafe {
  const surroundings: Surroundings = { freshness: () => freshness, held: () => held, automation: () => automation };
  return new FailSafe(surroundings, 300, windows.map(readWindow));
}

describe('automatic action', () => {
  it('may go on while nothing is doubtful', () => {
    expect(failSafe({ held: { instance: 0 }, windows: ['11:00-13:00'] }).reasons(NOON)).toEqual([]);
  });

  it.each<[string, Is, string]>([
    [
      'the model is not synced',
      { freshness: { ...FRESH, synced: false, reasons: ['rabbit is away', 'a pass is not complete'] } },
      'the model is not synced (rabbit is away; a pass is not complete)',
    ],
    ['nothing was ever heard', { freshness: { ...FRESH, ageSeconds: null } }, 'nothing was heard of the cloud yet'],
    [
      'the model is too old',
      { freshness: { ...FRESH, ageSeconds: 301 } },
      'nothing was heard of the cloud for more than 300 s',
    ],
    [
      'much went missing at once',
      { held: { host: 0, instance: 40 } },
      '40 of kind instance went missing at once, which a second pass or a person must confirm',
    ],
  ])('stops while %s, and so does what comes by itself', (_, is, reason) => {
    expect(failSafe(is).reasons(NOON)).toEqual([reason]);
    expect(failSafe(is).distrust()).toEqual([reason]);
  });

  it.each<[string, Is, string]>([
    [
      'it is paused',
      { automation: { paused: true, reason: 'storage moves', by: ALICE, at: NOON } },
      'automatic action is paused by alice: storage moves',
    ],
    [
      'it is paused for no reason',
      { automation: { ...RUNNING, paused: true } },
      'automatic action is paused by somebody',
    ],
    [
      'no window is open',
      { windows: ['22:00-06:00', 'sat-sun 00:00-00:00'] },
      'no change window is open (22:00-06:00, sat-sun 00:00-00:00)',
    ],
  ])('stops while %s, which says nothing against the model', (_, is, reason) => {
    expect(failSafe(is).reasons(NOON)).toEqual([reason]);
    expect(failSafe(is).distrust()).toEqual([]);
  });

  it('goes on at the age that is still allowed, and in any of several windows', () => {
    const is: Is = { freshness: { ...FRESH, ageSeconds: 300 }, windows: ['22:00-06:00', 'wed 12:00-12:01'] };
    expect(failSafe(is).reasons(NOON)).toEqual([]);
  });

  it('says all that stops it', () => {
    const automation: Automation = { ...RUNNING, paused: true };
    const freshness: Freshness = { synced: false, reasons: ['rabbit is away'], ageSeconds: 400 };
    expect(
      failSafe({ automation, freshness, held: { instance: 30 }, windows: ['01:00-02:00'] }).reasons(NOON),
    ).toHaveLength(5);
  });
});
