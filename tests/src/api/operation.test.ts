import { Gauge } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelStore } from '../../../model/store.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import type { Part } from '../../../src/parts/part.ts';
import { testApi } from './api.ts';
import { hostFacts, instanceFacts, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;

beforeEach(async () => {
  state = await testState();
  await state.tell([
    ...hostFacts('h1'),
    ...instanceFacts('a', 'h1'),
    ...instanceFacts('b', 'h1', { state: 'stopped' }),
  ]);
  state.reports = [
    { name: 'amqp:a', last: { kind: 'connected', detail: 'amqp://a:5672' }, received: 5, pending: 1, gaps: 2 },
    { name: 'amqp:b', last: { kind: 'waiting', detail: 'amqp://b:5672 refuses' }, received: 0, pending: 0, gaps: 0 },
  ];
  api = testApi(state);
});

afterEach(async () => {
  await api.close();
  await state.close();
});

describe('GET /readyz', () => {
  it('says what is missing until the model is synced and all sources are connected', async () => {
    const reasons = ['the first pass is not over', 'amqp:b is not connected: amqp://b:5672 refuses'];
    state.fresh = { synced: false, reasons, ageSeconds: 3 };
    const answer = await api.inject('/readyz');
    expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, reasons }]);
    state.fresh = { synced: true, reasons: [], ageSeconds: 3 };
    state.reports = [];
    expect((await api.inject('/readyz')).json()).toEqual({ ready: true, reasons: [] });
  });
});

describe('GET /metrics', () => {
  it('tells what came in, what is held, how fresh it is and who listens', async () => {
    await api.inject('/model/hosts');
    await api.inject('/model/hosts/none');
    const { body, headers } = await api.inject('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    for (const line of [
      'vigil_messages_total{cloud="cloud"} 7',
      'vigil_messages_ignored_total{cloud="cloud"} 1',
      'vigil_dead_letters_total{cloud="cloud"} 2',
      'vigil_facts_won_total{cloud="cloud"} 30',
      'vigil_events_total{event="instance.update",cloud="cloud"} 5',
      'vigil_source_connected{source="amqp:a",cloud="cloud"} 1',
      'vigil_source_connected{source="amqp:b",cloud="cloud"} 0',
      'vigil_source_messages_total{source="amqp:a",cloud="cloud"} 5',
      'vigil_source_pending{source="amqp:a",cloud="cloud"} 1',
      'vigil_source_gaps_total{source="amqp:a",cloud="cloud"} 2',
      'vigil_elements{kind="host",cloud="cloud"} 1',
      'vigil_elements{kind="instance",cloud="cloud"} 2',
      'vigil_instances{state="stopped",cloud="cloud"} 1',
      'vigil_synced{cloud="cloud"} 1',
      'vigil_model_age_seconds{cloud="cloud"} 1',
      'vigil_revision_lag{cloud="cloud"} 0',
      'vigil_subscribers{cloud="cloud"} 0',
      'vigil_http_request_duration_seconds_count{cloud="cloud",method="GET",route="/model/hosts",status="200"} 1',
      'vigil_http_request_duration_seconds_count{cloud="cloud",method="GET",route="/model/hosts/:name",status="404"} 1',
    ]) {
      expect(body).toContain(`${line}\n`);
    }
  });

  it('does not wait for a store that does not answer', async () => {
    await api.close();
    const silent = { head: () => new Promise(() => undefined) } as unknown as ModelStore;
    api = testApi({ ...state, store: silent });
    expect((await api.inject('/metrics')).body).toContain('vigil_revision_lag{cloud="cloud"} Nan\n');
  });

  it('counts what nobody foresaw under one name, so that strangers cannot fill the memory', async () => {
    for (const path of ['/a', '/b', '/c']) await api.inject(path);
    const { body } = await api.inject('/metrics');
    expect(body).toContain('route="none",status="404"} 3\n');
  });
});

describe('GET /model/dead-letters', () => {
  it('shows messages that nothing could be made of, page by page', async () => {
    const records = ['01', '02', '03'].map((id) => ({ id, value: { reason: 'not-json', body: `message ${id}` } }));
    await state.store.putRecords('dead-letter', records, 10);
    const first = (await api.inject('/model/dead-letters?limit=2')).json();
    expect(first).toMatchObject({
      dead_letters: [
        { id: '01', reason: 'not-json', body: 'message 01' },
        { id: '02', reason: 'not-json' },
      ],
      held: 3,
      ever: 3,
      next_marker: '02',
    });
    const second = (await api.inject('/model/dead-letters?limit=2&marker=02')).json();
    expect(second).toMatchObject({ dead_letters: [{ id: '03' }], next_marker: null });
  });
});

describe('/healthcheck', () => {
  const check = (accept?: string, method: 'GET' | 'HEAD' = 'GET') =>
    api.inject({ method, url: '/healthcheck', headers: accept === undefined ? {} : { accept } });

  it.each([
    [undefined, 'text/plain'],
    ['*/*', 'text/plain'],
    ['text/*', 'text/plain'],
    ['application/xml', 'text/plain'],
    ['application/json', 'application/json'],
    ['text/plain;q=0.5, application/json', 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
  ])('answers load balancers that accept %s with %s', async (accept, type) => {
    const answer = await check(accept);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, `${type}; charset=UTF-8`]);
    expect(answer.body).toContain('OK');
  });

  it('says it in the words of oslo.middleware', async () => {
    expect((await check()).body).toBe('OK');
    expect((await check('application/json')).json()).toEqual({ detailed: false, reasons: ['OK'] });
    const head = await check(undefined, 'HEAD');
    expect([head.statusCode, head.body]).toEqual([204, '']);
  });
});

describe('a process without the role api', () => {
  it('answers what watches over it, and nothing of the model', async () => {
    state.fresh = { synced: false, reasons: ['the first pass is not over'], ageSeconds: null };
    const watched = testApi(state, { operationOnly: true });
    const asked = [
      '/healthz',
      '/healthcheck',
      '/readyz',
      '/metrics',
      '/model/hosts',
      '/model/changes',
      '/',
      '/openapi.json',
    ];
    const codes = await Promise.all(asked.map(async (url) => (await watched.inject(url)).statusCode));
    expect(codes).toEqual([200, 200, 503, 200, 404, 404, 404, 404]);
    await watched.close();
  });
});

describe('what else a process does', () => {
  it('is served and measured beside the model', async () => {
    const part: Pick<Part, 'routes' | 'measure'> = {
      routes: (scope) => scope.get('/more', () => 'more'),
      measure: (registry) => new Gauge({ name: 'vigil_more', help: 'More', registers: [registry] }).set(7),
    };
    const extended = testApi(state, { parts: [part] });
    expect((await extended.inject('/more')).body).toBe('more');
    expect((await extended.inject('/metrics')).body).toContain('vigil_more{cloud="cloud"} 7');
    await extended.close();
  });
});
