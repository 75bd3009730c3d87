import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import { Courier, DELIVERIES } from '../../../src/events/deliveries/courier.ts';
import type { Target } from '../../../src/events/deliveries/target.ts';
import { WatcherTarget } from '../../../src/events/deliveries/watcher-target.ts';
import { WebhookTarget } from '../../../src/events/deliveries/webhook-target.ts';
import type { Session } from '../../../src/openstack/session.ts';
import { type TestState, testState } from '../api/state.ts';
import { openEvents } from './open-events.ts';
import { AUDIT, INCIDENT, PLAN } from './records.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let state: TestState;
let server: Server;
let url: string;
let got: { headers: IncomingHttpHeaders; body: string }[];
let answer: () => number;
const running: Courier[] = [];

beforeEach(async () => {
  state = await testState();
  got = [];
  answer = () => 204;
  server = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await text(request) });
    response.statusCode = answer();
    if (response.statusCode === 302) response.setHeader('location', url);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  for (const courier of running.splice(0)) await courier.stop();
  server.close();
  server.closeAllConnections();
  await state.close();
});

const write = async (kind: string, id: string, seen: number, value: unknown): Promise<void> => {
  await state.store.ledger.write([{ kind, id, seen, value: value as Value }]);
};

const webhook = (more: object = {}): Target =>
  new WebhookTarget({
    ...{ name: 'hook', url, secret: SECRET, types: [], timeoutSeconds: 5, allowPrivate: true },
    ...more,
  });

async function start(target: Target, attempts = 5): Promise<Courier> {
  const { store } = state;
  const log = await openEvents(store.ledger);
  const courier = new Courier(target, {
    ...{ log, ledger: store.ledger, store, logger: pino({ level: 'silent' }), now: Date.now, random: Math.random },
    persistence: { attempts, firstDelay: 5, longestDelay: 20 },
  });
  running.push(courier);
  courier.start();
  await expect.poll(() => store.ledger.get('event_cursor', courier.name)).not.toBeNull();
  return courier;
}

const types = (): string[] => got.map(({ body }) => (JSON.parse(body) as { type: string }).type);
const deliveries = async () =>
  (await state.store.listRecords(DELIVERIES.kind, null, 100)).records.map(({ value }) => value);

describe('a webhook', () => {
  it('is told what happens from now on, as CloudEvents that its receiver can verify', async () => {
    await write('audit', 'audit-1', 0, AUDIT);
    await start(webhook());
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(() => got.length).toBe(1);
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>) as { id: string };
    expect(verified).toMatchObject({ specversion: '1.0', type: 'vigil.breach.opened', data: { rule: 'steal' } });
    expect(headers['webhook-id']).toBe(verified.id);
    await expect.poll(deliveries).toMatchObject([{ target: 'webhook:hook', delivered: true, attempts: 1 }]);
  });

  it('is told again until it takes an event, and the next only then', async () => {
    let tries = 0;
    answer = () => (++tries < 3 ? 503 : 200);
    await start(webhook());
    await write('sla_incident', 'i1', 0, INCIDENT);
    await write('action_plan', 'plan-1', 0, PLAN);
    await expect
      .poll(types)
      .toEqual([...['vigil.breach.opened', 'vigil.breach.opened', 'vigil.breach.opened', 'vigil.plan.created']]);
    await expect.poll(deliveries).toMatchObject([{ attempts: 3, delivered: true }, { attempts: 1 }]);
  });

  it('that takes nothing is given up for one event, which is kept in the log of deliveries', async () => {
    answer = () => 500;
    const courier = await start(webhook(), 2);
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(deliveries).toMatchObject([{ attempts: 2, delivered: false, detail: 'it answers 500' }]);
    expect(courier.counts).toMatchObject({ delivered: 0, failed: 1 });
  });

  it('that leads elsewhere is not followed', async () => {
    answer = () => 302;
    await start(webhook(), 1);
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(deliveries).toMatchObject([{ delivered: false, detail: 'it answers 302' }]);
    expect(got).toHaveLength(1);
  });

  it('in a private network is not told unless that is meant', async () => {
    await start(webhook({ allowPrivate: false }), 1);
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect
      .poll(deliveries)
      .toMatchObject([{ delivered: false, detail: expect.stringContaining('allow_private') }]);
    expect(got).toEqual([]);
  });

  it('goes on after a restart with what happened meanwhile, and tells nothing twice that was taken', async () => {
    const before = await start(webhook());
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(deliveries).toHaveLength(1);
    await before.stop();
    await write('action_plan', 'plan-1', 0, PLAN);
    await start(webhook());
    await expect.poll(types).toEqual(['vigil.breach.opened', 'vigil.plan.created']);
    await expect.poll(deliveries).toHaveLength(2);
  });

  it('is told by one process of several', async () => {
    await start(webhook());
    await start(webhook());
    await write('sla_incident', 'i1', 0, INCIDENT);
    await write('action_plan', 'plan-1', 0, PLAN);
    await expect.poll(deliveries).toHaveLength(2);
    expect(types()).toEqual(['vigil.breach.opened', 'vigil.plan.created']);
  });

  it('is told only the types it wants', async () => {
    await start(webhook({ types: ['vigil.plan'] }));
    await write('sla_incident', 'i1', 0, INCIDENT);
    await write('action_plan', 'plan-1', 0, PLAN);
    await expect.poll(types).toEqual(['vigil.plan.created']);
  });
});

describe('a Watcher that runs beside', () => {
  it('is called for its audit when one of the rules is breached', async () => {
    const asked: unknown[] = [];
    const session = {
      endpoint: async () => 'http://watcher',
      ask: async (endpoint: string, { method, path, headers }: { method: string; path: string; headers: object }) => {
        asked.push([method, endpoint + path, headers]);
        return { status: 202 };
      },
    } as unknown as Session;
    await start(new WatcherTarget({ name: 'w', audit: 'on breach', rules: ['steal'], url: null }, session));
    await write('action_plan', 'plan-1', 0, PLAN);
    await write('sla_incident', 'i2', 0, { ...INCIDENT, id: 'i2', rule: 'other' });
    await write('sla_incident', 'i1', 0, INCIDENT);
    await expect.poll(deliveries).toMatchObject([{ target: 'watcher:w', delivered: true, detail: 'it answers 202' }]);
    expect(asked).toEqual([
      ['POST', 'http://watcher/v1/webhooks/on%20breach', { 'openstack-api-version': 'infra-optim 1.4' }],
    ]);
  });
});
