import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import { eventsRoute } from '../../../src/api/routes/events.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { Readers } from '../../../src/api/stream/readers.ts';
import type { CloudEvent } from '../../../src/events/cloud-event.ts';
import { trustedHeaders } from '../../../src/identity/headers.ts';
import { openEvents } from '../events/open-events.ts';
import { ACTION, AUDIT, INCIDENT, PLAN } from '../events/records.ts';
import { access, testApi } from './api.ts';
import { EventReader } from './event-reader.ts';
import { deleted, instanceFacts, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;
let address: string;
const readers: EventReader[] = [];

beforeEach(async () => {
  state = await testState();
  await start();
});

/** A process that tells events. */
async function start(options: Parameters<typeof testApi>[1] = {}): Promise<void> {
  const log = await openEvents(state.store.ledger);
  const present = new Readers(2, 100);
  log.onMore(() => setImmediate(() => present.pump()));
  const routes = (scope: Api): void => {
    eventsRoute(scope, log, present, state.model);
    scope.addHook('preClose', async () => present.close());
  };
  api = testApi(state, { ...options, parts: [{ routes }] });
  address = await api.listen({ host: '127.0.0.1', port: 0 });
}
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

  it('goes on exactly after the last event that was seen, at another process and after a restart', async () => {
    const reader = await listen();
    await write('action_plan', 'plan-1', 0, PLAN);
    await next(reader);
    await write('sla_incident', 'i1', 0, INCIDENT);
    const last = await next(reader);
    expect(last.event.type).toBe('vigil.breach.opened');
    await api.close();
    await state.close(true);
    state = await testState({ path: state.path });
    await start();
    await write('audit', 'audit-1', 0, AUDIT);
    const again = await listen('', { 'last-event-id': reader.lastId });
    const told = [await next(again), await next(again)].map(({ event }) => event.type);
    expect(told).toEqual(['vigil.audit.created', 'vigil.audit.changed']);
  });

  it('tells a member of a project what concerns its instances, and nothing of others', async () => {
    await state.tell([
      ...instanceFacts('own', 'h1', { project: 'project-2' }),
      ...instanceFacts('other', 'h1', { project: 'project-1' }),
    ]);
    await api.close();
    await start({ access: access(trustedHeaders()) });
    const member = await listen('', { 'x-roles': 'member', 'x-project-id': 'project-2' });
    await write('audit', 'audit-1', 0, AUDIT);
    await write('action_plan', 'plan-1', 0, PLAN);
    await write('sla_incident', 'i1', 0, { ...INCIDENT, id: 'i1', resource: 'other', project: 'project-1' });
    await write('sla_incident', 'i2', 0, { ...INCIDENT, id: 'i2', resource: 'h1', project: null });
    await write('action', 'a1', 0, { ...ACTION, uuid: 'a1', inputParameters: { resource_id: 'other' } });
    await write('action', 'a2', 0, { ...ACTION, uuid: 'a2', inputParameters: { resource_id: 'own' } });
    await write('sla_incident', 'i3', 0, { ...INCIDENT, id: 'i3', resource: 'own' });
    expect((await next(member)).event.subject).toBe('action/a2');
    expect((await next(member)).event).toMatchObject({ type: 'vigil.breach.opened', subject: 'own' });
    await state.tell([deleted('own')]);
    await write('action', 'a2', 1, { ...ACTION, uuid: 'a2', inputParameters: {}, history: [] });
    const endedAt = INCIDENT.openedAt + 1;
    await write('sla_incident', 'i3', 1, { ...INCIDENT, id: 'i3', resource: 'own', endedAt, endReason: 'lost' });
    expect((await next(member)).event).toMatchObject({ type: 'vigil.breach.ended', subject: 'own' });
    const nobody = await api.inject({ url: '/events', headers: { 'x-roles': 'member' } });
    expect([nobody.statusCode, nobody.json().error.message]).toEqual([
      ...[403, expect.stringContaining('events:read_project')],
    ]);
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
