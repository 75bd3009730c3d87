import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import {
  aggregateFacts,
  fact,
  groupFacts,
  hostFacts,
  instanceFacts,
  moved,
  type TestState,
  testState,
} from './state.ts';

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
  await state.tell([
    ...hostFacts('h1'),
    fact('host/h1', 'provider/h1', {
      inventories: { VCPU: { total: 64, reserved: 0, allocation_ratio: 4 } },
      traits: ['HW_CPU_X86_AVX'],
    }),
    fact('host/h1', 'claims/h1', { consumers: 1, resources: { VCPU: 2 } }),
    fact('instance/a', 'constraints', { scheduler_hints: { group: ['g'] }, pinned_zone: null }),
    fact('instance/a', 'migration', {
      uuid: 'm',
      id: 1,
      type: 'live-migration',
      status: 'running',
      source_host: 'h1',
      source_node: 'h1',
      dest_host: 'h2',
      dest_node: null,
    }),
    ...instanceFacts('a', 'h1', { state: 'error', zone: 'z' }),
    fact(
      'instance/a',
      'fault',
      { exception: 'NoValidHost', message: 'none', at: 1_770_000_000_123_456 },
      'instance.create.error',
    ),
    fact('instance/a', 'tags', ['t']),
    fact('instance/a', 'locked', { locked: true, reason: 'held' }),
    fact('instance/a', 'volume/v1', true),
    fact('instance/b', 'place', { host: 'only-named', node: null }),
    ...aggregateFacts('agg', 'fast', ['h1'], { availability_zone: 'z1', ssd: 'true' }),
    ...groupFacts('group', ['a']),
  ]);
  // A place that was told again: its history has a change without a value.
  await state.tell([moved('a', 'h1')]);
  await state.tell([moved('a', 'h1')]);
  await state.store.putRecords('dead-letter', [{ id: '001', value: { reason: 'not-json', body: 'x' } }], 10);
  state.reports = [
    { name: 'amqp:cloud', last: { kind: 'connected', detail: 'amqp://b:5672' }, received: 1, pending: 0, gaps: 0 },
  ];
  api = testApi(state);
  await api.ready();
});

afterAll(async () => {
  await api.close();
  await state.close();
});

/** Addresses that need a reconciler; reconcile.test.ts holds what they answer. */
const RECONCILING = ['/model/drift', '/model/drift/confirm-absences', '/model/reconcile', '/model/refresh'];

interface Operation {
  readonly summary?: string;
  readonly responses: {
    readonly [status: string]: { readonly content: { readonly [type: string]: { readonly schema: object } } };
  };
}

function operation(path: string): Operation {
  const { paths } = api.swagger() as unknown as { paths: { [path: string]: { get: Operation } } };
  const found = paths[path]?.get;
  if (found === undefined) throw new Error(`${path} is not described`);
  return found;
}

/** What is wrong with an answer, by the API's own description of it; null when nothing is. */
function faultsOf(path: string, status: string, body: unknown): unknown {
  const { components } = api.swagger() as unknown as { components: object };
  const schema = operation(path).responses[status]?.content['application/json']?.schema;
  if (schema === undefined) throw new Error(`${path} has no description of ${status}`);
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile({ ...schema, components });
  return validate(body) ? null : validate.errors;
}

const ANSWERS: readonly (readonly [path: string, url: string])[] = [
  ['/model/hosts', '/model/hosts'],
  ['/model/hosts', '/model/hosts?explain=true'],
  ['/model/hosts/{name}', '/model/hosts/h1?explain=true'],
  ['/model/hosts/{name}', '/model/hosts/only-named'],
  ['/model/hosts/{name}/instances', '/model/hosts/h1/instances?explain=true'],
  ['/model/instances', '/model/instances'],
  ['/model/instances', '/model/instances?fields=uuid'],
  ['/model/instances/{uuid}', '/model/instances/a?explain=true'],
  ['/model/instances/{uuid}/placements', '/model/instances/a/placements?kind=cold'],
  ['/model/aggregates', '/model/aggregates?explain=true'],
  ['/model/server-groups', '/model/server-groups?explain=true'],
  ['/model/stats', '/model/stats'],
  ['/model/dead-letters', '/model/dead-letters'],
  ['/healthz', '/healthz'],
  ['/readyz', '/readyz'],
  ['/', '/'],
];

describe('the description of the API', () => {
  it.each(ANSWERS)('says of %s exactly what %s answers', async (path, url) => {
    const answer = await api.inject(url);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(faultsOf(path, '200', answer.json())).toBeNull();
  });

  it.each([
    ['/model/hosts/{name}', '/model/hosts/none', '4XX'],
    ['/model/instances', '/model/instances?x=1', '4XX'],
  ])('says of %s what %s answers when it fails', async (path, url, status) => {
    const answer = await api.inject(url);
    expect(faultsOf(path, status, answer.json())).toBeNull();
  });

  it('covers every address there is', () => {
    const { paths } = api.swagger() as unknown as { paths: { [path: string]: { [method: string]: Operation } } };
    const covered = new Set([
      ...ANSWERS.map(([path]) => path),
      '/healthcheck',
      '/model/changes',
      '/metrics',
      ...RECONCILING,
    ]);
    expect(new Set(Object.keys(paths))).toEqual(covered);
    for (const one of Object.values(paths).flatMap(Object.values)) expect(one.summary).toBeTruthy();
  });

  it('stands at /openapi.json and, for people, at /docs with nothing from elsewhere', async () => {
    expect((await api.inject('/openapi.json')).json()).toEqual(api.swagger());
    const page = await api.inject('/docs/');
    expect(page.statusCode).toBe(200);
    const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const url of loaded) {
      expect(url).not.toMatch(/^(https?:)?\/\//);
      const file = await api.inject(new URL(url, 'http://vigil/docs/').pathname);
      expect([url, file.statusCode]).toEqual([url, 200]);
    }
  });
});
