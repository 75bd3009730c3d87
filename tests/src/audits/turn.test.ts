import { describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audits/audit.ts';
import { turnOf } from '../../../src/audits/turn.ts';

const NOON = Date.UTC(2026, 10, 25, 12);
const MINUTE = 60_000;

function audit(more: Partial<Audit>): Audit {
  return {
    id: 1,
    uuid: 'u',
    name: 'n',
    auditType: 'ONESHOT',
    state: 'PENDING',
    statusMessage: null,
    goal: 'dummy',
    strategy: 'dummy',
    parameters: {},
    scope: [],
    interval: null,
    startTime: null,
    endTime: null,
    nextRunTime: null,
    lastRunTime: null,
    calledAt: null,
    automation: 'manual',
    force: false,
    hostname: null,
    createdBy: { kind: 'user', name: 'alice' },
    trigger: null,
    history: [],
    createdAt: NOON,
    updatedAt: null,
    deletedAt: null,
    ...more,
  };
}

const CONTINUOUS = { auditType: 'CONTINUOUS', interval: '60' } as const;
const CRON = { auditType: 'CONTINUOUS', interval: 'CRON_TZ=Europe/Vienna 0 3 * * *' } as const;
const EVENT = { auditType: 'EVENT' } as const;

describe('the turn of an audit', () => {
  it.each<[string, Partial<Audit>, object]>([
    ['ONESHOT that waits comes at once', {}, { kind: 'run' }],
    ['ONESHOT that was interrupted comes again', { state: 'ONGOING' }, { kind: 'run' }],
    ['ONESHOT that has ended never comes', { state: 'SUCCEEDED' }, { kind: 'rest' }],
    ['CONTINUOUS comes at once with an interval', CONTINUOUS, { kind: 'run' }],
    [
      'CONTINUOUS comes after its interval',
      { ...CONTINUOUS, state: 'ONGOING', lastRunTime: NOON - MINUTE / 2 },
      { kind: 'wait', until: NOON + MINUTE / 2 },
    ],
    [
      'CONTINUOUS waits for its start',
      { ...CONTINUOUS, startTime: NOON + 5 * MINUTE },
      { kind: 'wait', until: NOON + 5 * MINUTE },
    ],
    ['CONTINUOUS is over at its end', { ...CONTINUOUS, state: 'ONGOING', endTime: NOON }, { kind: 'over' }],
    ['CONTINUOUS rests while it is suspended', { ...CONTINUOUS, state: 'SUSPENDED' }, { kind: 'rest' }],
    [
      'CONTINUOUS waits for the first tick of its cron expression, in its time zone',
      CRON,
      { kind: 'wait', until: Date.UTC(2026, 10, 26, 2) },
    ],
    ['CONTINUOUS comes at the tick', { ...CRON, nextRunTime: NOON - 1 }, { kind: 'run' }],
    [
      'CONTINUOUS has no turn after the last tick of its cron expression',
      { ...CRON, interval: '0 0 3 * * * 2020' },
      { kind: 'over' },
    ],
    ['EVENT rests until it is called for', EVENT, { kind: 'rest' }],
    ['EVENT comes when it was called for', { ...EVENT, calledAt: NOON - 1 }, { kind: 'run' }],
    [
      'EVENT that has been run comes when it is called for again',
      { ...EVENT, state: 'SUCCEEDED', lastRunTime: NOON - 2, calledAt: NOON - 1 },
      { kind: 'run' },
    ],
    [
      'EVENT does not come twice for one call',
      { ...EVENT, state: 'SUCCEEDED', lastRunTime: NOON, calledAt: NOON - 1 },
      { kind: 'rest' },
    ],
    ['EVENT does not come after its end', { ...EVENT, calledAt: NOON - 1, endTime: NOON }, { kind: 'rest' }],
  ])('%s', (_, more, turn) => {
    expect(turnOf(audit(more), NOON)).toEqual(turn);
  });
});
