import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import { eventsRoute } from '../../../src/api/routes/events.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { Readers } from '../../../src/api/stream/readers.ts';
import type { CloudEvent } from '../../../src/events/cloud-event.ts';
import { EventLog } from '../../../src/events/event-log.ts';
import { AUDIT, INCIDENT, PLAN } from '../events/records.ts';
import { testApi } from './api.ts';
import { EventReader } from './event-reader.ts';
import { type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;
let address: string;
const readers: EventReader[] = [];

beforeEach(async () => {
  state = await testState();
  const log = new EventLog(state.store.ledger, 'cloud', 100);
  await log.open();
  const present = new Readers(2, 100);
  log.onMore(() => setImmediate(() => present.pump()));
  const routes = (scope: Api): void => {
    eventsRoute(scope, log, present);
    scope.addHook('preClose', async () => present.close());
  };
  api = testApi(state, { parts: [{ routes }] });
  address = await api.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await api.close();
  await state.close();
});

const write = async (kind: string, id: string, seen: number, value: unknown): Promise<void> => {
  await state.store.ledger.write([{ kind, id, seen, value: value as Value }]);
};

async function listen(query = '', headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await EventReader.connect(address, `/events${query}`, headers);
  readers.push(reader);
  return reader;
}

/** The next event, and how it was named and placed. */
async function next(reader: EventReader): Promise<{ name: string; id: string | undefined; event: CloudEvent }> {
  const { name, id, data } = await reader.next();
  return { name, id, event: data as unknown as CloudEvent };
}

describe('GET /events', () => {
  it('tells what happens as CloudEvents, by whose ids one comes back', async () => {
    const reader = await listen();
    await write('audit', 'audit-1', 0, AUDIT);
    const first = await next(reader);
    expect(first).toMatchObject({ name: 'event', event: { specversion: '1.0', type: 'vigil.audit.created' } });
    expect(first.id).toBe(first.event.id);
    const again = await listen('', { 'last-event-id': first.event.id });
    expect((await next(again)).event).toMatchObject({ type: 'vigil.audit.changed', data: { to: 'ONGOING' } });
  });

  it('tells only the types and subjects that are asked for', async () => {
    const reader = await listen('?type=vigil.plan&type=vigil.breach.ended');
    const mine = await listen('?subject=audit/audit-1');
    await write('sla_incident', 'i1', 0, INCIDENT);
    await write('action_plan', 'plan-1', 0, PLAN);
    await write('audit', 'audit-1', 0, AUDIT);
    expect((await next(reader)).event.type).toBe('vigil.plan.created');
    expect((await next(mine)).event.subject).toBe('audit/audit-1');
  });

  it('begins with everything held for a place that is none of its own', async () => {
    await write('audit', 'audit-1', 0, AUDIT);
    const reader = await listen('', { 'last-event-id': 'nonsense' });
    expect((await next(reader)).event.type).toBe('vigil.audit.created');
  });

  it('says what types there are when asked for another', async () => {
    const answer = await api.inject('/events?type=vigil.breech');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.message).toContain('vigil.breach.opened');
  });

  it('has only so many places', async () => {
    await listen();
    await listen();
    expect((await api.inject('/events')).json().error.code).toBe('too-many-subscribers');
  });
});
