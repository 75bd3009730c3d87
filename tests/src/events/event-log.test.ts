import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import { BEGINNING, type CloudEvent, eventId } from '../../../src/events/cloud-event.ts';
import type { EventLog } from '../../../src/events/event-log.ts';
import { type TestState, testState } from '../api/state.ts';
import { openEvents } from './open-events.ts';
import { AUDIT, INCIDENT, PLAN } from './records.ts';

let state: TestState;
beforeEach(async () => {
  state = await testState();
});
afterEach(() => state.close());

const write = async (kind: string, id: string, seen: number, value: unknown): Promise<void> => {
  await state.store.ledger.write([{ kind, id, seen, value: value as Value }]);
};

const open = (kept?: number): Promise<EventLog> => openEvents(state.store.ledger, kept);

function eventsFrom(log: EventLog, place = log.start): CloudEvent[] {
  const events: CloudEvent[] = [];
  for (let at = place; at < log.end; at++) events.push(log.at(at) as CloudEvent);
  return events;
}

const typesFrom = (log: EventLog, place?: number): string[] => eventsFrom(log, place).map(({ type }) => type);

describe('the log of events', () => {
  it('has the past in the order of time, then what happens', async () => {
    await write('action_plan', 'plan-1', 0, PLAN);
    await write('audit', 'audit-1', 0, AUDIT);
    const log = await open();
    expect(typesFrom(log)).toEqual(['vigil.audit.created', 'vigil.audit.changed', 'vigil.plan.created']);
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(() => typesFrom(log).at(-1)).toBe('vigil.breach.opened');
  });

  it('tells a record that is written again only with what is new in it', async () => {
    const log = await open();
    await write('sla_incident', 'i1', 0, INCIDENT);
    await write('sla_incident', 'i1', 1, { ...INCIDENT, audit: 'r' });
    await write('sla_incident', 'i1', 2, { ...INCIDENT, endedAt: INCIDENT.openedAt + 1, endReason: 'lost' });
    await write('sla_incident', 'i1', 3, null);
    await expect.poll(() => typesFrom(log)).toEqual(['vigil.breach.opened', 'vigil.breach.ended']);
  });

  it('is the same after a restart, also where what was told later had happened before', async () => {
    const before = await open();
    await write('action_plan', 'plan-1', 0, PLAN);
    await expect.poll(() => before.end).toBe(2);
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(() => before.end).toBe(3);
    await state.close(true);
    state = await testState({ path: state.path });
    await write('audit', 'audit-1', 0, AUDIT);
    const after = await open();
    expect(eventsFrom(after).slice(0, 2)).toEqual(eventsFrom(before));
    for (const [i, { id }] of eventsFrom(before).entries()) {
      expect(after.after(id)).toEqual({ place: i + 2, missed: false });
    }
    expect(typesFrom(after, 3)).toEqual(['vigil.audit.created', 'vigil.audit.changed']);
  });

  it('is the same in every process, whichever notes an event', async () => {
    const logs = await Promise.all([open(), open(), open()]);
    const count = 40;
    for (let i = 0; i < count; i++) {
      await write('sla_incident', `i${i}`, 0, { ...INCIDENT, id: `i${i}`, openedAt: INCIDENT.openedAt + (i % 7) });
    }
    await expect.poll(() => logs.map((log) => log.end)).toEqual(logs.map(() => count + 1));
    const [first = [], ...others] = logs.map((log) => eventsFrom(log).map(({ id }) => id));
    expect(new Set(first).size).toBe(count);
    for (const other of others) expect(other).toEqual(first);
  });

  it('keeps only the latest, also after a restart, and says so to who comes too late', async () => {
    await write('audit', 'audit-1', 0, AUDIT);
    await write('action_plan', 'plan-1', 0, PLAN);
    for (let restart = 0; restart < 2; restart++) {
      const log = await open(1);
      expect([log.start, log.end]).toEqual([3, 4]);
      expect(log.after(BEGINNING)).toEqual({ place: 3, missed: true });
    }
  });

  it('says that something may be missed to who comes from a store that was lost, not to who has seen nothing yet', async () => {
    await write('audit', 'audit-1', 0, AUDIT);
    const log = await open();
    expect(log.after(eventId(1_000, 'of another store'))).toEqual({ place: 1, missed: true });
    expect(log.after(BEGINNING)).toEqual({ place: 1, missed: false });
  });
});
