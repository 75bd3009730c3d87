import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { automationRoutes } from '../../../src/api/routes/automation.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { type Desk, deskOn } from '../../../src/audits/desk.ts';
import { trustedHeaders } from '../../../src/identity/headers.ts';
import { FailSafe } from '../../../src/plans/fail-safe.ts';
import { Pace } from '../../../src/plans/pace.ts';
import { moveOf } from '../plans/records.ts';
import { access, testApi } from './api.ts';
import { type TestState, testState } from './state.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const TRUSTED = { synced: true, reasons: [], ageSeconds: 1 };
const SWITCHED_AT = '2026-11-25T12:00:00.000Z';

let state: TestState;
let desk: Desk;
let pace: Pace;
let api: Api;

beforeEach(async () => {
  state = await testState();
  desk = deskOn(state.store.ledger, () => NOW);
  await desk.book.open();
  pace = new Pace(2);
  const { automation } = desk;
  const surroundings = { freshness: () => TRUSTED, held: () => ({}), automation: () => automation.state };
  const failSafe = new FailSafe(surroundings, 300, []);
  const parts = { automation, failSafe, pace: () => pace, now: () => NOW };
  api = testApi(state, { access: access(trustedHeaders()), parts: [{ routes: (it) => automationRoutes(it, parts) }] });
});
afterEach(async () => {
  await api.close();
  await state.close();
});

async function ask(path: string, user = 'alice', payload?: object): Promise<object> {
  const headers = { 'x-roles': 'admin', 'x-user-id': user };
  const method = path === '' ? 'GET' : 'POST';
  return (await api.inject({ url: `/automation${path}`, method, headers, ...(payload && { payload }) })).json();
}

const move = (uuid: string): void => pace.begin(moveOf(uuid, 'here', 'there'), NOW);

describe('automatic action', () => {
  it("is nobody's doing until somebody pauses it", async () => {
    expect(await ask('')).toEqual({
      ...{ state: 'acting', reasons: [], paused: false, paused_by: null, paused_reason: null, resumed_by: null },
      ...{ switched_at: null, moves_last_hour: 0, moves_per_hour: 2 },
    });
  });

  it('tells who paused it while it is paused, and after that who resumed it', async () => {
    const paused = { state: 'paused', paused: true, paused_by: 'alice', paused_reason: 'storage', resumed_by: null };
    expect(await ask('/pause', 'alice', { reason: 'storage' })).toMatchObject({ ...paused, switched_at: SWITCHED_AT });
    expect(await ask('', 'bob')).toMatchObject(paused);
    const resumed = { state: 'acting', paused: false, paused_by: null, paused_reason: null, resumed_by: 'bob' };
    expect(await ask('/resume', 'bob')).toMatchObject({ ...resumed, switched_at: SWITCHED_AT });
    expect(await ask('')).toMatchObject(resumed);
  });

  it('tells how much of its limit is used, and is held when all of it is', async () => {
    move('a');
    expect(await ask('')).toMatchObject({ state: 'acting', moves_last_hour: 1, moves_per_hour: 2 });
    move('b');
    expect(await ask('')).toMatchObject({
      state: 'held',
      reasons: ['2 or more instances were moved automatically within the last hour (automation.moves_per_hour)'],
      moves_last_hour: 2,
    });
  });

  it('has no limit with 0, and still tells what it moved', async () => {
    pace = new Pace(0);
    move('a');
    expect(await ask('')).toMatchObject({ state: 'acting', moves_last_hour: 1, moves_per_hour: null });
  });
});
