import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { ActionTools } from '../../../src/actions/tools.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import type { Term } from '../../../src/audits/leader.ts';
import type { AutomationConfig } from '../../../src/config/schema/engine.ts';
import { Applier } from '../../../src/plans/applier.ts';
import { Interruptions } from '../../../src/plans/interruptions.ts';
import { Pace } from '../../../src/plans/pace.ts';
import { cloudOf } from '../../strategies/cloud.ts';
import { type Desk, openDesk } from '../audits/desk.ts';
import { PLAN } from '../events/records.ts';
import { moveOf } from './records.ts';

const DAY = 86_400;
const MILLIS = 1_000;
const AUTOMATION: AutomationConfig = {
  ...{ max_model_age: 300, partial_moves: 2, partial_severity: 'warning', moves_per_hour: 1, windows: [] },
};

interface Considered extends Desk {
  /** Looks at all plans that wait to be started. */
  look(): Promise<ActionPlan>;
  readonly pace: Pace;
  doubts: string[];
  recovered: boolean;
}

/** One plan of one move that nobody started yet, on a cloud in which it is possible. */
async function considered(more: Partial<ActionPlan> = {}, moves = [moveOf('i', 'here', 'there')]): Promise<Considered> {
  const desk = await openDesk();
  const { book, clock } = desk;
  clock.now = PLAN.createdAt;
  await book.change((changes) => {
    changes.put('action_plan', { ...PLAN, ...more });
    for (const move of moves) changes.put('action', move);
  });
  const lease = await desk.ledger.lease('plans', 'test', DAY * MILLIS);
  if (lease === null) throw new Error('no lease');
  const { signal } = new AbortController();
  const term: Term = { lease, signal, stands: () => true, confirm: async () => true };
  const model = cloudOf({});
  const pace = new Pace(AUTOMATION.moves_per_hour);
  const all = { ...desk, pace, doubts: [] as string[], recovered: false };
  const applier = new Applier({
    ...{ book, pace, hostname: 'here', automation: AUTOMATION, expiry: DAY, rule: 'stop_dependants' },
    now: () => clock.now,
    log: pino({ level: 'silent' }),
    reasons: () => all.doubts,
    hasRecovered: () => all.recovered,
    // Plans are only considered here: none is carried out.
    tools: { model } as ActionTools,
    interruptions: new Interruptions({} as never, model, () => new Map()),
  });
  return Object.assign(all, {
    look: async () => {
      await applier.look(term);
      return desk.plans.find(PLAN.uuid);
    },
  });
}

describe('a plan that nobody started', () => {
  it('is SUPERSEDED when it is too old, and its actions are CANCELLED', async () => {
    const { look, clock, book } = await considered();
    clock.now += DAY * MILLIS;
    expect(await look()).toMatchObject({ state: 'RECOMMENDED' });
    clock.now += 1;
    const statusMessage = `Nobody started it for ${DAY} s.`;
    expect(await look()).toMatchObject({ state: 'SUPERSEDED', statusMessage });
    expect(book.actions.ofPlan(PLAN.uuid)).toMatchObject([{ state: 'CANCELLED', statusMessage }]);
  });

  it('is SUPERSEDED when the model has moved on', async () => {
    const { look } = await considered({}, [moveOf('i', 'there', 'here')]);
    expect(await look()).toMatchObject({
      state: 'SUPERSEDED',
      statusMessage: 'The model has moved on: instance i is on here, not on there.',
    });
  });

  it('is SUPERSEDED when the breach it was made for is over', async () => {
    const all = await considered();
    all.recovered = true;
    expect(await all.look()).toMatchObject({
      state: 'SUPERSEDED',
      statusMessage: 'The breach it was made for is over.',
    });
  });

  it('waits with automation manual', async () => {
    const { look } = await considered();
    expect(await look()).toMatchObject({ state: 'RECOMMENDED', statusMessage: null, startedBy: null });
  });

  it.each([
    ['info', 'PENDING', null],
    ['warning', 'PENDING', null],
    [
      'critical',
      'RECOMMENDED',
      'Waits for somebody to start it: the breach is critical (automation.partial_severity warning).',
    ],
  ] as const)('with automation partial, after a breach that is %s, is %s', async (severity, state, statusMessage) => {
    const trigger = { rule: 'steal', metric: 'cpu_steal', resources: ['i'], severity };
    const { look } = await considered({ automation: 'partial', trigger });
    expect(await look()).toMatchObject({ state, statusMessage });
  });

  it('with automation full is started in the name of what asked for it, and keeps its note', async () => {
    const trigger = { rule: 'steal', metric: 'cpu_steal', resources: ['i'], severity: 'critical' } as const;
    const { look } = await considered({ automation: 'full', trigger, note: 'Left undone: much.' });
    expect(await look()).toMatchObject({
      ...{ state: 'PENDING', statusMessage: 'Left undone: much.', startedBy: { kind: 'rule', name: 'steal' } },
    });
  });

  it('with automation full waits while anything is doubtful, and says so', async () => {
    const all = await considered({ automation: 'full' });
    all.doubts = ['the model is not synced (rabbit is away)', 'no change window is open (01:00-02:00)'];
    expect(await all.look()).toMatchObject({
      state: 'RECOMMENDED',
      statusMessage: 'Not started: the model is not synced (rabbit is away); no change window is open (01:00-02:00).',
    });
    all.doubts = [];
    expect(await all.look()).toMatchObject({ state: 'PENDING', statusMessage: null });
  });

  it('with automation full waits when as many were moved within the hour as may be', async () => {
    const { look, pace, clock } = await considered({ automation: 'full' });
    pace.begin(moveOf('another', 'here', 'there'), clock.now);
    expect(await look()).toMatchObject({
      state: 'RECOMMENDED',
      statusMessage:
        'Not started: 1 or more instances were moved automatically within the last hour (automation.moves_per_hour).',
    });
    clock.now += 3_600 * MILLIS;
    expect(await look()).toMatchObject({ state: 'PENDING' });
  });
});
