import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/audits/action.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import { Pace } from '../../../src/plans/pace.ts';
import { ALICE, openDesk } from '../audits/desk.ts';
import { PLAN } from '../events/records.ts';
import { action, moveOf } from './records.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const MINUTE = 60_000;
const NEXT = moveOf('next', 'here', 'there');
const FULL = (count: number): string =>
  `${count} or more instances were moved automatically within the last hour (automation.moves_per_hour)`;

function begun(uuid: string, at: number, more: Partial<Action> = {}): Action {
  return moveOf(uuid, 'here', 'there', { intent: { call: 'live-migrate', at, token: 1, before: {} }, ...more });
}

describe('the pace of automatic action', () => {
  it('admits so many moves within an hour, then no more until the first is an hour ago', () => {
    const pace = new Pace(2);
    pace.begin(moveOf('a', 'here', 'there'), NOW);
    expect(pace.hold(NEXT, NOW)).toBeNull();
    pace.begin(moveOf('b', 'here', 'there'), NOW + 30 * MINUTE);
    expect(pace.hold(NEXT, NOW + 59 * MINUTE)).toBe(FULL(2));
    expect(pace.hold(NEXT, NOW + 60 * MINUTE)).toBeNull();
  });

  it('counts no move of which nova was never asked', () => {
    const pace = new Pace(1);
    pace.begin(moveOf('a', 'here', 'there'), NOW);
    pace.undo(moveOf('a', 'here', 'there'));
    expect(pace.hold(NEXT, NOW)).toBeNull();
  });

  it('neither counts nor holds what moves nothing', () => {
    const pace = new Pace(1);
    pace.begin(action('stop', { resource_id: 'a' }), NOW);
    expect(pace.hold(NEXT, NOW)).toBeNull();
    pace.begin(moveOf('b', 'here', 'there'), NOW);
    expect(pace.hold(action('stop', { resource_id: 'c' }), NOW)).toBeNull();
  });

  it('is as fast as may be with 0', () => {
    const pace = new Pace(0);
    for (let n = 0; n < 1_000; n++) pace.begin(moveOf(`i${n}`, 'here', 'there'), NOW);
    expect(pace.hold(NEXT, NOW)).toBeNull();
  });

  it('is kept by whoever takes over: it counts what is recorded as begun of plans that nobody started', async () => {
    const { book } = await openDesk();
    const byPerson: ActionPlan = { ...PLAN, id: 2, uuid: 'plan-2', startedBy: ALICE };
    await book.change((changes) => {
      changes.put('action_plan', PLAN);
      changes.put('action_plan', byPerson);
      changes.put('action', begun('a', NOW - MINUTE));
      changes.put('action', begun('b', NOW - MINUTE, { id: 2, planUuid: byPerson.uuid }));
      changes.put('action', begun('c', NOW - 61 * MINUTE, { id: 3 }));
      changes.put('action', moveOf('d', 'here', 'there', { id: 4 }));
    });
    const pace = new Pace(1);
    pace.recount(book);
    expect(pace.hold(NEXT, NOW)).toBe(FULL(1));
    expect(pace.hold(NEXT, NOW + 59 * MINUTE)).toBeNull();
  });
});
