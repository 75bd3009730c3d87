import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { EMPTY, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import type { Sample } from '../../../model/metrics/sample.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import type { SlaContext } from '../../../src/api/routes/sla/context.ts';
import { slaRoutes } from '../../../src/api/routes/sla/routes.ts';
import { deskOn } from '../../../src/audits/desk.ts';
import { trustedHeaders } from '../../../src/identity/headers.ts';
import { Answerer, Inquirer } from '../../../src/inquiry.ts';
import { SlaEngine } from '../../../src/sla/engine.ts';
import { knowingBy, SLA_MATTER, type SlaQuestions } from '../../../src/sla/questions.ts';
import { readRule } from '../../../src/sla/read-rule.ts';
import { LedgerCopy } from '../../../src/sla/records.ts';
import { AuditRequests } from '../../../src/sla/requests.ts';
import { readRuleBody } from '../../../src/sla/rule-body.ts';
import { RuleBook } from '../../../src/sla/rule-book.ts';
import { measureRules } from '../../../src/sla/rule-metrics.ts';
import { SLA_KINDS } from '../../../src/sla/sla-records.ts';
import { UNLIMITED } from '../../../streams/sla/windows/sample-store.ts';
import { access, testApi } from './api.ts';
import { deleted, hostFacts, instanceFacts, type TestState, testState } from './state.ts';

const METRICS = metricTable([]);
const RULE = {
  ...{ name: 'steal', metric: 'cpu_steal', of: 'instance', window: '60s', above: 10 },
  audit: { goal: 'sla' },
};
const T = 1_790_000_000;
const LOG = pino({ level: 'silent' });

let state: TestState;
let api: Api | undefined;
let context: SlaContext;
let clock: number;
let engine: SlaEngine;
let samples$: Subject<readonly Sample[]>;

beforeEach(async () => {
  clock = T;
  api = undefined;
  state = await testState();
  await state.tell([...hostFacts('h1'), ...instanceFacts('a', 'h1'), ...instanceFacts('b', 'h1')]);
  const { model, store } = state;
  const records = new LedgerCopy(store.ledger, SLA_KINDS);
  const desk = deskOn(store.ledger, Date.now);
  await Promise.all([records.open(), desk.book.open()]);
  const text = readRuleBody({ ...RULE, name: 'fixed' }, METRICS);
  const fixed = { rule: readRule(text, METRICS), text, origin: 'rules.yaml', changeable: false };
  const book = new RuleBook([fixed], records, METRICS);
  const requests = new AuditRequests(records, desk.book, 60);
  const held = { model, records, book, requests, log: LOG, now: () => clock };
  engine = new SlaEngine({
    ...held,
    ledger: store.ledger,
    step: 15,
    retention: 0,
    room: UNLIMITED,
    objectiveScopes: 4,
  });
  samples$ = new Subject();
  await engine.open();
  engine.start(samples$, EMPTY, EMPTY);
  const knowing = knowingBy({ engine, book, records, model });
  await new Answerer(store.ledger, SLA_MATTER, knowing, () => engine.acts, LOG).open();
  context = { ...held, audits: desk.book, metrics: METRICS, knowing };
  await serve(context);
});

async function serve(from: SlaContext, options: Parameters<typeof testApi>[1] = {}): Promise<void> {
  await api?.close();
  const part = { routes: (scope: Api) => slaRoutes(scope, from), measure: (to: Registry) => measureRules(to, engine) };
  api = testApi(state, { ...options, parts: [part] });
}

afterEach(async () => {
  await api?.close();
  await state.close();
});

async function ask(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
) {
  const answer = await (api as Api).inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
}

const error = ({ status, body }: Awaited<ReturnType<typeof ask>>) => [status, body.error.code, body.error.message];

test('rules are made, shown, replaced and removed', async () => {
  expect(await ask('POST', '/sla/rules', RULE)).toMatchObject({
    status: 201,
    body: { name: 'steal', origin: 'API', changeable: true, rule: { ...RULE, cooldown: '10m', hold: '0s' } },
  });
  const replaced = await ask('PUT', '/sla/rules/steal', { ...RULE, above: 20, where: { aggregate: 'gold' } });
  expect(replaced).toMatchObject({
    status: 200,
    body: { rule: { above: 20 }, notes: ['the model has no aggregate gold'] },
  });
  const { body } = await ask('GET', '/sla/rules');
  expect(body.rules.map(({ name, origin }: { name: string; origin: string }) => [name, origin])).toEqual([
    ['fixed', 'rules.yaml'],
    ['steal', 'API'],
  ]);
  expect((await ask('DELETE', '/sla/rules/steal')).status).toBe(204);
  expect(error(await ask('GET', '/sla/rules/steal'))).toEqual([404, 'rule-not-found', 'There is no rule steal.']);
});

test('what cannot be done with a rule is explained', async () => {
  await ask('POST', '/sla/rules', RULE);
  expect(error(await ask('POST', '/sla/rules', RULE))).toEqual([409, 'rule-exists', 'There is a rule steal already.']);
  expect(error(await ask('PUT', '/sla/rules/other', RULE)).slice(0, 2)).toEqual([404, 'rule-not-found']);
  expect(error(await ask('DELETE', '/sla/rules/fixed'))).toEqual([
    ...[409, 'rule-fixed', 'The rule fixed comes from rules.yaml and cannot be changed here.'],
  ]);
  const [status, code, message] = error(
    await ask('POST', '/sla/rules', { ...RULE, name: 'x', above: '10', hold: '2 minutes' }),
  );
  expect([status, code]).toEqual([400, 'rule-invalid']);
  expect(message).toContain('above must be a number, not "10"');
  expect(message).toContain(
    'hold must be a duration such as 30s, 2m, 1.5h or 30d, or a number of seconds, not "2 minutes"',
  );
  expect(error(await ask('POST', '/sla/rules', { ...RULE, name: 'x', metric: 'cpu_stael' }))[2]).toContain(
    'did you mean cpu_steal?',
  );
  expect(error(await ask('POST', '/sla/rules', { ...RULE, name: 'x', audit: { goal: 'noisy' } }))[2]).toContain(
    'audit.goal is noisy',
  );
  expect(error(await ask('POST', '/sla/rules', [RULE]))[1]).toBe('bad-request');
});

test('a breach shows in series, incidents, why and metrics', async () => {
  samples$.next([
    { metric: 'cpu_steal', resource: 'a', value: 50, time: T - 5 },
    { metric: 'cpu_steal', resource: 'b', value: 5, time: T - 5 },
  ]);
  await engine.step(T);
  expect((await ask('GET', '/sla/rules/fixed')).body).toMatchObject({
    ...{ series: { unknown: 0, ok: 1, pending: 0, breached: 1 }, incidents_open: 1 },
    held_back_by: expect.stringContaining('waits for the engine'),
  });
  expect((await ask('GET', '/sla/rules/fixed/series?state=breached')).body).toEqual({
    series: [{ resource: 'a', state: 'breached', since: T, value: 50 }],
    next_marker: null,
  });
  const paged = await ask('GET', '/sla/rules/fixed/series?limit=1');
  expect(paged.body).toMatchObject({ series: [{ resource: 'a' }], next_marker: 'a' });
  expect((await ask('GET', '/sla/rules/fixed/series?limit=1&marker=a')).body.series).toMatchObject([{ resource: 'b' }]);
  expect((await ask('GET', '/sla/incidents')).body.incidents).toMatchObject([
    {
      rule: 'fixed',
      resource: 'a',
      opened_at: T,
      value: 50,
      threshold: 10,
      ended_at: null,
      audit: expect.any(String),
      times_asked: 1,
    },
  ]);
  const { body } = await ask('GET', '/sla/rules/fixed/why?resource=a');
  expect(body.because.map(({ about }: { about: string }) => about)).toEqual([
    'scope',
    'samples',
    'threshold',
    'mute',
    'incident',
    'audit',
  ]);
  expect(body.fires).toBe(true);
  expect((await ask('GET', '/sla/rules/fixed/why?resource=b')).body).toMatchObject({
    ...{ state: 'ok', fires: false },
    because: [{}, {}, { about: 'threshold', fires: false, text: 'the mean over 1m is 5, not above 10' }],
  });
  expect((await ask('GET', '/sla/rules/fixed/why?resource=c')).body.because).toEqual([
    { about: 'scope', fires: false, text: 'the model has no instance c' },
  ]);
  const metrics = (await (api as Api).inject('/metrics')).body;
  expect(metrics).toContain('vigil_sla_series{rule="fixed",state="breached",cloud="cloud"} 1');
  expect(metrics).toContain('vigil_sla_audits_asked_total{cloud="cloud"} 1');
});

test('objectives by scope begin with those of which the least is left', async () => {
  const objective = { target: 90, period: '24h', per: ['resource', 'host'] };
  await ask('POST', '/sla/rules', { ...RULE, name: 'apart', objective });
  samples$.next([
    { metric: 'cpu_steal', resource: 'a', value: 5, time: T - 5 },
    { metric: 'cpu_steal', resource: 'b', value: 50, time: T - 5 },
  ]);
  await engine.step(T);
  const { body } = await ask('GET', '/sla/rules/apart/objectives');
  expect([body.count, body.scopes.map(({ scope }: { scope: string }) => scope)]).toEqual([3, ['b', 'h1', 'a']]);
  expect(body.scopes[1]).toEqual({
    ...{ per: 'host', scope: 'h1', reached: 0.5, budget_left: expect.closeTo(-4) },
    burn_rates: { '1h': expect.closeTo(5), '6h': expect.closeTo(5), '3d': expect.closeTo(5) },
  });
  expect((await ask('GET', '/sla/rules/apart/objectives?per=resource&limit=1')).body).toMatchObject({
    ...{ count: 2, scopes: [{ scope: 'b', reached: 0 }] },
  });
  expect((await ask('GET', '/sla/rules/apart/objectives?scope=a')).body.scopes).toMatchObject([{ budget_left: 1 }]);
  expect((await ask('GET', '/sla/rules/fixed/objectives')).body).toEqual({ scopes: [], count: 0 });
  const metrics = (await (api as Api).inject('/metrics')).body;
  expect(metrics).toMatch(
    /vigil_sla_scope_burn_rate{rule="apart",per="host",scope="h1",window="1h",cloud="cloud"} [45]/,
  );
  expect(metrics).not.toContain('per="resource"');
});

test('a rule is tried out on whom is named, else on the first it is about', async () => {
  expect(error(await ask('POST', '/sla/rules/fixed/test-fire', {}))[1]).toBe('rule-about-nobody');
  expect(await ask('POST', '/sla/rules/fixed/test-fire', { resources: ['b'] })).toMatchObject({
    status: 202,
    body: { resources: ['b'] },
  });
  const [record] = await state.store.ledger.list('audit_request', null, 10);
  expect(record?.value).toMatchObject({ trigger: { rule: 'fixed', resources: ['b'] }, automation: 'manual' });
  expect(error(await ask('POST', '/sla/rules/fixed/test-fire', { resources: ['none'] }))[1]).toBe('instance-not-found');
  expect(error(await ask('POST', '/sla/rules/fixed/test-fire'))[1]).toBe('rule-about-nobody');
  await ask('POST', '/sla/rules', { ...RULE, audit: undefined });
  expect(error(await ask('POST', '/sla/rules/steal/test-fire', {}))[1]).toBe('rule-without-audit');
});

test('a silence counts in why from when it was made, before another step', async () => {
  samples$.next([{ metric: 'cpu_steal', resource: 'a', value: 50, time: T - 5 }]);
  await engine.step(T);
  clock = T + 5;
  await ask('POST', '/sla/silences', { for: '2h', comment: 'patching' });
  expect((await ask('GET', '/sla/rules/fixed/why?resource=a')).body.because).toContainEqual(
    expect.objectContaining({ about: 'mute', fires: false }),
  );
});

test('silences are made, shown and ended', async () => {
  const made = await ask('POST', '/sla/silences', {
    for: '2h',
    comment: 'patching',
    where: { host: ['h1'] },
    rules: ['fixed'],
  });
  expect(made).toMatchObject({
    status: 201,
    body: { active: true, every: null, comment: 'patching', rules: ['fixed'] },
  });
  expect((await ask('GET', '/sla/silences')).body.silences).toEqual([made.body]);
  expect((await ask('DELETE', `/sla/silences/${made.body.id}`)).status).toBe(204);
  expect(error(await ask('DELETE', `/sla/silences/${made.body.id}`))[1]).toBe('silence-not-found');
});

test.each([
  [{ for: '2h' }, 'The body parameter comment is not valid: it is missing'],
  [{ for: 'long', comment: 'c' }, 'for is not valid: it must be a duration such as'],
  [{ for: '2h', comment: 'c', from: 'now' }, 'from is not valid: it must be a number'],
  [{ for: '2h', comment: 'c', where: { hosts: ['h'] } }, 'where.hosts is not valid: it is not known here (known are'],
  [{ for: '0s', comment: 'c' }, 'for must be more than nothing'],
  [{ for: '2h', every: '1h', comment: 'c' }, 'every must be longer than for'],
  [{ for: '2h', from: 1, comment: 'c' }, 'it would be over already'],
  [{ for: '2h', rules: ['none'], comment: 'c' }, 'There is no rule none.'],
])('the silence %j is refused: %s', async (silence, problem) => {
  const answer = await ask('POST', '/sla/silences', silence);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(error(answer)[2]).toContain(problem);
});

test('the catalogue says who provides each metric', async () => {
  const { body } = await ask('GET', '/sla/metrics');
  expect(body.metrics).toContainEqual(
    expect.objectContaining({
      ...{ name: 'memory_pressure', unit: '%', of: ['host'] },
      provisions: [expect.objectContaining({ by: 'node_exporter' })],
    }),
  );
});

describe('a process that does not evaluate rules itself', () => {
  const measure = (): void =>
    samples$.next([
      { metric: 'cpu_steal', resource: 'a', value: 50, time: T - 5 },
      { metric: 'cpu_steal', resource: 'b', value: 5, time: T - 5 },
    ]);

  beforeEach(async () => {
    const inquirer = new Inquirer<SlaQuestions>(state.store.ledger, SLA_MATTER);
    inquirer.open();
    await serve({ ...context, knowing: inquirer });
  });

  test('asks the one that does how they stand', async () => {
    measure();
    await engine.step(T);
    expect((await ask('GET', '/sla/rules/fixed')).body).toMatchObject({
      ...{ series: { unknown: 0, ok: 1, pending: 0, breached: 1 }, incidents_open: 1, notes: [] },
    });
    expect((await ask('GET', '/sla/rules/fixed/series?state=ok')).body.series).toMatchObject([{ resource: 'b' }]);
    const { body } = await ask('GET', '/sla/rules/fixed/why?resource=a');
    expect([body.state, body.fires, body.because.length]).toEqual(['breached', true, 6]);
    expect((await ask('POST', '/sla/rules/fixed/test-fire', {})).body.resources).toEqual(['a']);
    expect((await ask('GET', '/sla/incidents')).body.incidents).toMatchObject([{ resource: 'a' }]);
    expect(await state.store.ledger.list('sla_question', null, 10)).toEqual([]);
  });

  test('makes and removes rules, which are evaluated there', async () => {
    await ask('POST', '/sla/rules', RULE);
    measure();
    await engine.step(T);
    expect((await ask('GET', '/sla/rules/steal')).body.series).toMatchObject({ breached: 1 });
    expect((await ask('DELETE', '/sla/rules/steal')).status).toBe(204);
  });

  test('says what it does not know while nobody answers', async () => {
    expect((await ask('GET', '/sla/rules/fixed')).body).toMatchObject({
      series: null,
      notes: ['how it stands is not known here yet: no process with the role engine evaluates it'],
    });
    const why = await ask('GET', '/sla/rules/fixed/why?resource=a');
    expect([why.status, why.body.error.code]).toEqual([503, 'no-engine']);
    expect(await state.store.ledger.list('sla_question', null, 10)).toEqual([]);
  }, 30_000);

  test('passes on what is wrong with a question', async () => {
    measure();
    await engine.step(T);
    const knowing = new Inquirer<SlaQuestions>(state.store.ledger, SLA_MATTER);
    knowing.open();
    await expect(knowing.ask('why', { rule: 'none', resource: 'a' })).rejects.toThrow('There is no rule none.');
  });
});

describe('a member of a project', () => {
  const headers = { 'x-roles': 'member', 'x-project-id': 'project-2' };
  const get = (url: string) => ask('GET', url, undefined, headers);

  beforeEach(async () => {
    await state.tell(instanceFacts('own', 'h1', { project: 'project-2' }));
    await serve(context, { access: access(trustedHeaders()) });
    samples$.next(['a', 'own'].map((resource) => ({ metric: 'cpu_steal', resource, value: 50, time: T - 5 })));
    await engine.step(T);
  });

  test('sees breaches and series of its instances, and no others', async () => {
    const { body } = await get('/sla/incidents?state=all');
    expect(body.incidents).toMatchObject([{ resource: 'own', project: 'project-2' }]);
    expect((await get('/sla/rules/fixed/series')).body).toMatchObject({
      series: [{ resource: 'own' }],
      next_marker: null,
    });
    expect((await get('/sla/rules/fixed/objectives')).status).toBe(200);
    await state.tell([deleted('own')]);
    expect((await get('/sla/incidents')).body.incidents).toMatchObject([{ resource: 'own' }]);
  });

  test('is told why of its instances, without what operators say of others', async () => {
    const silence = { for: '1h', comment: 'moving project-1 away from h1', where: { host: ['h1'] } };
    await ask('POST', '/sla/silences', silence, { 'x-roles': 'admin', 'x-user-id': 'ann' });
    const { body } = await get('/sla/rules/fixed/why?resource=own');
    expect(body.because).toContainEqual({
      ...{ about: 'mute', fires: false, text: 'it is silenced, or its host is being worked on' },
    });
    expect(JSON.stringify(body)).not.toMatch(/project-1|ann/);
    expect((await get('/sla/rules/fixed/why?resource=a')).status).toBe(404);
  });

  test('is shown the rules that can be about its instances, with how these stand and nothing of others', async () => {
    const mine = {
      ...RULE,
      name: 'mine',
      where: { project: ['project-1', 'project-2'], host: 'h1' },
      objective: { target: 99 },
    };
    const rules = [
      mine,
      { ...RULE, name: 'theirs', where: { project: 'project-1' } },
      { ...RULE, name: 'hosts', of: 'host' },
    ];
    for (const rule of rules) await ask('POST', '/sla/rules', rule, { 'x-roles': 'admin' });
    await engine.step(T + 15);
    const { body } = await get('/sla/rules');
    expect(body.rules.map(({ name }: { name: string }) => name)).toEqual(['fixed', 'mine']);
    expect(body.rules[0]).toMatchObject({
      series: { breached: 1 },
      incidents_open: 1,
      changeable: false,
      objective: null,
    });
    expect((await get('/sla/rules/mine')).body).toMatchObject({
      rule: { metric: 'cpu_steal', above: 10 },
      objective: null,
    });
    expect(JSON.stringify(body)).not.toMatch(/project-1|h1|sla|rules.yaml/);
    expect((await get('/sla/rules/theirs')).status).toBe(404);
  });

  test.each(['/sla/silences', '/sla/metrics'])('may not read %s', async (url) => {
    expect((await get(url)).status).toBe(403);
  });

  test('may change nothing', async () => {
    expect((await ask('POST', '/sla/rules/fixed/test-fire', {}, headers)).status).toBe(403);
  });
});
