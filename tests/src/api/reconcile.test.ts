import type { LightMyRequestResponse as Answer } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { Answerer, Inquirer } from '../../../src/inquiry.ts';
import { RECONCILE_MATTER, type ReconcileQuestions, reconcilingBy } from '../../../src/reconcile/questions.ts';
import { Reconciler } from '../../../src/reconcile/reconciler.ts';
import type { PassReport } from '../../../src/reconcile/report.ts';
import { fakeServer } from '../openstack/fake-cloud.ts';
import { FakeTiming } from '../reconcile/fake-timing.ts';
import { Lab } from '../reconcile/lab.ts';
import { testApi } from './api.ts';
import { type TestState, testState } from './state.ts';

let lab: Lab;
let reconciler: Reconciler;
let reports: PassReport[];
let state: TestState;
let api: Api;

/** The API of a reconciler that reads a fake cloud into the lab's store; the state's own store stays empty. */
beforeEach(async () => {
  lab = await Lab.open();
  reports = [];
  reconciler = new Reconciler({
    ...lab.parts,
    timing: new FakeTiming(),
    intervals: { full: 1_000, changes: 100, services: 30 },
    onPass: (report) => reports.push(report),
  });
  state = await testState();
  state.reconcile = reconciler;
  api = testApi(state);
  lab.cloud.servers.set('a', fakeServer('a', {}));
  reconciler.start();
  await passes(1);
});

afterEach(async () => {
  await reconciler.stop();
  await api.close();
  await state.close();
  await lab.close();
});

async function passes(count: number): Promise<void> {
  while (reports.length < count) await new Promise((done) => setTimeout(done, 2));
}

const post = (url: string, payload: unknown): Promise<Answer> =>
  api.inject({ method: 'POST', url, payload: payload as object });

describe('POST /model/refresh', () => {
  it('of all answers at once, and a full pass is made', async () => {
    const answer = await post('/model/refresh', { scope: 'all' });
    expect([answer.statusCode, answer.json()]).toEqual([202, expect.objectContaining({ scope: 'all', synced: true })]);
    await passes(2);
    expect(reports[1]).toMatchObject({ kind: 'full', complete: true });
  });

  it('of all answers with the report of the pass when asked to wait', async () => {
    const answer = await post('/model/refresh', { scope: 'all', wait: true });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().report).toEqual({
      kind: 'full',
      complete: true,
      started_at: expect.stringMatching(/^20\d\d-.*Z$/),
      duration_seconds: expect.any(Number),
      read: expect.any(Number),
      corrections: 0,
      gone: 0,
      problems: [],
      global_request_id: expect.stringMatching(/^req-/),
    });
    expect(reports).toHaveLength(2);
  });

  it('of one instance reads it alone', async () => {
    lab.cloud.servers.set('b', fakeServer('b', {}));
    const answer = await post('/model/refresh', { scope: { instance: 'b' }, wait: true });
    expect(answer.json()).toMatchObject({ scope: { instance: 'b' }, report: { found: true, read: 1, problems: [] } });
    while (lab.model.instance('b') === undefined) await new Promise((done) => setTimeout(done, 1));
    expect(reports).toHaveLength(1);
    const none = await post('/model/refresh', { scope: { instance: 'nowhere' }, wait: true });
    expect(none.json().report).toMatchObject({ found: false, read: 0 });
  });

  it('of one host reads it with what is on it, also without waiting', async () => {
    const heard = lab.cloud.http.heard.length;
    const answer = await post('/model/refresh', { scope: { host: 'host-1' } });
    expect([answer.statusCode, answer.json().scope]).toEqual([202, { host: 'host-1' }]);
    while (lab.cloud.http.heard.length === heard) await new Promise((done) => setTimeout(done, 1));
    const waited = await post('/model/refresh', { scope: { host: 'host-1' }, wait: true });
    expect(waited.json().report).toMatchObject({ problems: [] });
  });

  it.each([
    [{}],
    [{ scope: 'some' }],
    [{ scope: { host: 'h', instance: 'i' } }],
    [{ scope: { host: '' } }],
    [{ scope: 'all', wait: 'perhaps' }],
    [{ scope: 'all', more: 1 }],
  ])('refuses %j and says what is expected', async (body) => {
    const answer = await post('/model/refresh', body);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'bad-request']);
    expect(answer.json().error.message).toContain('{"scope": "all" | {"host": NAME} | {"instance": UUID}');
  });

  it('says so when everything is being stopped', async () => {
    await reconciler.stop();
    const answer = await post('/model/refresh', { scope: { instance: 'a' }, wait: true });
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'too-many-reads']);
  });
});

describe('GET /model/drift', () => {
  /** A notification told another host than nova does. */
  async function drift(): Promise<void> {
    await lab.told('w', { host: 'host-1' }, 300);
    lab.cloud.servers.set('w', fakeServer('w', { 'OS-EXT-SRV-ATTR:host': 'host-2' }));
    await post('/model/refresh', { scope: { instance: 'w' }, wait: true });
  }

  it('tells corrections by register and cause, and how the cloud is read', async () => {
    await drift();
    expect((await api.inject('/model/drift')).json()).toMatchObject({
      total: 1,
      early: 0,
      corrections: [{ register: 'place', cause: 'instance.update', count: 1 }],
      running: null,
      waiting: 0,
      held: {},
      intervals: { full: 1_000, changes: 100, services: 30 },
      ended: { full: { complete: 1, incomplete: 0 }, changes: { complete: 0, incomplete: 0 } },
      last: { full: { kind: 'full', complete: true }, changes: null, services: null },
    });
  });

  it('is in the measurements too', async () => {
    await drift();
    const { body } = await api.inject('/metrics');
    for (const line of [
      'vigil_drift_total{register="place",cause="instance.update",cloud="cloud"} 1',
      'vigil_passes_total{kind="full",complete="true",cloud="cloud"} 1',
      'vigil_passes_total{kind="full",complete="false",cloud="cloud"} 0',
      'vigil_pass_complete{kind="full",cloud="cloud"} 1',
      'vigil_reconcile_interval_seconds{kind="changes",cloud="cloud"} 100',
      'vigil_reads_waiting{cloud="cloud"} 0',
    ])
      expect(body).toContain(`${line}\n`);
    expect(body).not.toContain('vigil_pass_complete{kind="changes"');
  });
});

describe('POST /model/drift/confirm-absences', () => {
  it('has what is held asked for at once', async () => {
    for (let i = 0; i < 30; i++) await lab.told(`lost-${i}`, {}, 300);
    await post('/model/refresh', { scope: 'all', wait: true });
    expect((await api.inject('/model/drift')).json().held).toEqual({ instance: 30 });
    const answer = await post('/model/drift/confirm-absences', { wait: true });
    expect(answer.json().report).toMatchObject({ kind: 'full', complete: true, gone: 30 });
    expect((await api.inject('/model/drift')).json().held).toEqual({});
  });

  it('needs a JSON body, which a form of a foreign page cannot send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { 'content-type': type };
      const answer = await api.inject({ method: 'POST', url: '/model/drift/confirm-absences', headers, payload: '{}' });
      expect(answer.json().error.code).toBe('bad-request');
    }
    const bare = await api.inject({ method: 'POST', url: '/model/drift/confirm-absences' });
    expect([bare.statusCode, bare.json().error.code]).toEqual([400, 'bad-request']);
    expect(reports).toHaveLength(1);
  });
});

describe('PUT /model/reconcile', () => {
  const put = (payload: object): Promise<Answer> => api.inject({ method: 'PUT', url: '/model/reconcile', payload });

  it('changes the intervals that are given, from now on', async () => {
    const answer = await put({ changes: 20 });
    expect([answer.statusCode, answer.json().intervals]).toEqual([
      200,
      { full: 1_000, changes: 20, services: 30, touched: 5 },
    ]);
    expect((await api.inject('/model/drift')).json().intervals).toEqual({
      full: 1_000,
      changes: 20,
      services: 30,
      touched: 5,
    });
  });

  it.each([
    [{ full: 0 }, 'full'],
    [{ changes: 0 }, 'changes'],
    [{ services: 'often' }, 'services'],
    [{ sometimes: 10 }, 'sometimes'],
  ])('refuses %j', async (body, parameter) => {
    const answer = await put(body);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid-parameter']);
    expect(answer.json().error.message).toContain(`body parameter ${parameter} `);
  });

  it('refuses to change nothing', async () => {
    expect((await put({})).json().error.code).toBe('bad-request');
  });
});

describe('a process that does not take in notifications', () => {
  const log = pino({ level: 'silent' });

  beforeEach(() => {
    const inquirer = new Inquirer<ReconcileQuestions>(state.store.ledger, RECONCILE_MATTER);
    inquirer.open();
    state.reconcile = null;
    state.elsewhere = inquirer;
  });

  const answeredBy = (control: Reconciler | null): Promise<unknown> =>
    new Answerer(
      state.store.ledger,
      RECONCILE_MATTER,
      reconcilingBy(() => control),
      () => true,
      log,
    ).open();

  it('has one that does read the cloud, and tells what came of it', async () => {
    // Of two that hear a question one takes it up.
    await answeredBy(reconciler);
    await answeredBy(reconciler);
    const waited = await post('/model/refresh', { scope: 'all', wait: true });
    expect(waited.json().report).toMatchObject({ kind: 'full', complete: true, problems: [] });
    expect(reports).toHaveLength(2);
    const one = await post('/model/refresh', { scope: { instance: 'a' }, wait: true });
    expect(one.json()).toMatchObject({ scope: { instance: 'a' }, report: { found: true } });
    expect((await post('/model/refresh', { scope: { host: 'host-1' } })).statusCode).toBe(202);
    expect((await post('/model/drift/confirm-absences', { wait: true })).json().report).toMatchObject({ kind: 'full' });
    const set = await api.inject({ method: 'PUT', url: '/model/reconcile', payload: { changes: 20 } });
    expect(set.json().intervals).toMatchObject({ full: 1_000, changes: 20 });
    expect((await api.inject('/model/drift')).json()).toMatchObject({
      total: 0,
      intervals: { changes: 20 },
      ended: { full: { complete: 3 } },
    });
    expect(await state.store.ledger.list(RECONCILE_MATTER.kind, null, 10)).toEqual([]);
  });

  it('passes on why it could not be done', async () => {
    await answeredBy(null);
    const answer = await post('/model/refresh', { scope: 'all', wait: true });
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'no-openstack']);
  });

  it('is told at once when the one that is asked fails at it', async () => {
    const failing = Object.create(reconciler, { drift: { value: () => expect.unreachable() } }) as Reconciler;
    await answeredBy(failing);
    const answer = await api.inject('/model/drift');
    expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'internal']);
  });

  it('names the role that is missing when nobody answers', async () => {
    const answer = await api.inject('/model/drift');
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'no-ingest']);
    expect(answer.json().error.what_to_do).toContain('role ingest');
    expect(await state.store.ledger.list(RECONCILE_MATTER.kind, null, 10)).toEqual([]);
  }, 30_000);
});

describe('without an OpenStack API', () => {
  it.each([
    ['GET', '/model/drift', undefined],
    ['POST', '/model/refresh', { scope: 'all' }],
    ['POST', '/model/drift/confirm-absences', {}],
    ['PUT', '/model/reconcile', { full: 600 }],
  ] as const)('%s %s says what is missing', async (method, url, payload) => {
    state.reconcile = null;
    const answer = await api.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'no-openstack']);
    expect(answer.json().error.what_to_do).toContain('openstack');
    expect((await api.inject('/metrics')).body).not.toContain('vigil_passes_total{');
  });
});
