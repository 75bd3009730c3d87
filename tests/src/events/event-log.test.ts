import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import { EventLog } from '../../../src/events/event-log.ts';
import { type TestState, testState } from '../api/state.ts';
import { AUDIT, INCIDENT, PLAN } from './records.ts';

let state: TestState;
beforeEach(async () => {
  state = await testState();
});
afterEach(() => state.close());

const write = async (kind: string, id: string, seen: number, value: unknown): Promise<void> => {
  await state.store.ledger.write([{ kind, id, seen, value: value as Value }]);
};

async function open(limit = 100): Promise<EventLog> {
  const log = new EventLog(state.store.ledger, 'cloud', limit);
  await log.open();
  return log;
}

function typesFrom(log: EventLog, place: number): string[] {
  const types: string[] = [];
  for (let at = place; at < log.end; at++) types.push(log.at(at)?.type ?? 'gone');
  return types;
}

describe('the log of events', () => {
  it('has the past in the order of time, then what happens', async () => {
    await write('action_plan', 'plan-1', 0, PLAN);
    await write('audit', 'audit-1', 0, AUDIT);
    const log = await open();
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(() => log.end).toBe(4);
    expect(typesFrom(log, log.start)).toEqual([
      'vigil.audit.created',
      'vigil.audit.changed',
      'vigil.plan.created',
      'vigil.breach.opened',
    ]);
  });

  it('tells a record that is written again only with what is new in it', async () => {
    const log = await open();
    await write('sla_incident', 'i1', 0, INCIDENT);
    await write('sla_incident', 'i1', 1, { ...INCIDENT, request: 'r' });
    await write('sla_incident', 'i1', 2, { ...INCIDENT, endedAt: INCIDENT.openedAt + 1, endReason: 'lost' });
    await write('sla_incident', 'i1', 3, null);
    await expect.poll(() => log.end).toBe(2);
    expect(typesFrom(log, 0)).toEqual(['vigil.breach.opened', 'vigil.breach.ended']);
  });

  it('goes on right after what was seen as it happened', async () => {
    const log = await open();
    await write('audit', 'audit-1', 0, AUDIT);
    await expect.poll(() => log.end).toBe(2);
    const first = log.at(0);
    expect(first).toBeDefined();
    if (first !== undefined) expect(log.after(first.id)).toEqual({ place: 1, missed: false });
  });

  it('tells again from a minute before, after a restart: the order in which it was told then is not known', async () => {
    await write('audit', 'audit-1', 0, AUDIT);
    await write('action_plan', 'plan-1', 0, PLAN);
    const log = await open();
    const last = log.at(2);
    if (last !== undefined) expect(log.after(last.id)).toEqual({ place: 0, missed: false });
  });

  it('keeps only the latest, and says so to who comes too late', async () => {
    await write('audit', 'audit-1', 0, AUDIT);
    await write('action_plan', 'plan-1', 0, PLAN);
    const log = await open(1);
    expect([log.start, log.end]).toEqual([2, 3]);
    expect(log.after('00000000000000-000000000000')).toEqual({ place: 2, missed: true });
  });
});
