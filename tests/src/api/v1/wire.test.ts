import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../../../../src/api/routes/route.ts';
import { type TestState, testState } from '../state.ts';
import { ask, faultOf, servedV1 } from './served.ts';

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
  api = await servedV1(state);
});

afterAll(async () => {
  await api.close();
  await state.close();
});

describe('the version header', () => {
  it.each([
    [undefined, '1.0'],
    ['', '1.0'],
    ['compute 2.1', '1.0'],
    ['1.5', '1.0'],
    ['infra-optim abc', '1.0'],
    ['infra-optim 1', '1.0'],
    ['infra-optim latest', '1.7'],
    ['INFRA-OPTIM LATEST', '1.7'],
    ['infra-optim 1.4', '1.4'],
    ['compute 2.1, infra-optim 1.4', '1.4'],
  ])('%j asks for %s', async (version, effective) => {
    const headers = version === undefined ? {} : { 'openstack-api-version': version };
    const answer = await ask(api, '/v1/goals/dummy', { headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      vary: 'OpenStack-API-Version',
      'openstack-api-minimum-version': '1.0',
      'openstack-api-maximum-version': '1.7',
      'openstack-api-version': `infra-optim ${effective}`,
      'content-type': 'application/json',
    });
  });

  it.each(['infra-optim 1.8', 'infra-optim 0.9', 'infra-optim 2.0'])(
    '%s is refused, with what there is',
    async (version) => {
      const answer = await ask(api, '/v1/goals', { headers: { 'openstack-api-version': version } });
      expect(answer.statusCode).toBe(406);
      expect(answer.headers['openstack-api-maximum-version']).toBe('1.7');
      expect(answer.headers['openstack-api-version']).toBeUndefined();
      expect(JSON.parse(answer.json().error_message)).toMatchObject({ code: 406, title: 'Not Acceptable' });
    },
  );

  it('of three parts is refused without more', async () => {
    const answer = await ask(api, '/v1/goals', { headers: { 'openstack-api-version': 'infra-optim 1.2.3' } });
    expect(answer.statusCode).toBe(406);
    expect(answer.headers['openstack-api-maximum-version']).toBeUndefined();
  });
});

describe('an address', () => {
  it.each(['/goals', '/v1/goals/', '/v1/goals.json', '/goals/', '/v1/goals?'])('may be written %s', async (url) => {
    expect((await ask(api, url)).json()).toEqual((await ask(api, '/v1/goals')).json());
  });

  it('of Vigil itself comes before one without a version', async () => {
    expect((await ask(api, '/healthz')).json()).toEqual({ status: 'ok' });
    expect((await ask(api, '/model/hosts')).json()).toHaveProperty('hosts');
  });

  it('of another version is an item that is not there', async () => {
    const answer = await ask(api, '/v2/goals');
    expect([answer.statusCode, faultOf(answer)]).toEqual([404, 'Goal v2 could not be found']);
  });

  it.each([
    ['application/json', '{"code":404,"title":"Not Found","description":""}'],
    ['*/*', '<h1>404 Not Found</h1>'],
    [undefined, '404 Not Found\n'],
  ])('that is not there is told to those who accept %s in their way', async (accept, text) => {
    const answer = await api.inject({ url: '/v1/nothing', headers: { 'x-roles': 'admin', ...(accept && { accept }) } });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['openstack-api-minimum-version']).toBeUndefined();
    expect(answer.json().error_message).toContain(text);
  });

  it('is not for those who accept neither JSON nor everything', async () => {
    const answer = await ask(api, '/v1/goals/nothing', { headers: { accept: 'application/xml' } });
    expect(answer.statusCode).toBe(406);
  });

  it.each([
    ['POST', '/v1/goals', 'GET'],
    ['DELETE', '/v1/goals/dummy', 'GET'],
    ['HEAD', '/v1/goals', 'GET'],
    ['HEAD', '/v1/goals/dummy', 'GET'],
  ] as const)('refuses %s %s and says what it takes', async (method, url, allow) => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await ask(api, url, { method, headers, ...(method === 'HEAD' ? {} : { payload: 'x' }) });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
  });

  it('answers OPTIONS with nothing', async () => {
    const answer = await ask(api, '/v1/goals', { method: 'OPTIONS' });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });

  it('has every answer numbered', async () => {
    for (const url of ['/', '/v1', '/v1/nothing', '/model/hosts', '/v1/goals/nothing']) {
      expect((await ask(api, url)).headers['x-openstack-request-id'], url).toMatch(/^req-[0-9a-f-]{36}$/);
    }
  });
});

describe('documents', () => {
  it('name the versions at /, whatever the request asks for', async () => {
    const answer = await ask(api, '/', {
      headers: { 'openstack-api-version': 'infra-optim 9.9', host: '127.0.0.1:9322' },
    });
    const version = { id: 'v1', status: 'CURRENT', min_version: '1.0', max_version: '1.7' };
    const links = [{ href: 'http://127.0.0.1:9322/v1/', rel: 'self' }];
    expect(answer.json()).toMatchObject({ default_version: { ...version, links }, versions: [{ ...version, links }] });
    expect(answer.headers['openstack-api-minimum-version']).toBeUndefined();
  });

  it.each([
    ['1.0', []],
    ['1.3', ['data_model']],
    ['1.4', ['data_model', 'webhooks']],
  ])('name at /v1 what %s has', async (version, more) => {
    const answer = await ask(api, '/v1', { headers: { 'openstack-api-version': `infra-optim ${version}` } });
    const { id, media_types, links, ...collections } = answer.json();
    expect([id, media_types.length, links.length]).toEqual(['v1', 1, 2]);
    const always = ['audit_templates', 'audits', 'actions', 'action_plans', 'scoring_engines', 'services'];
    expect(Object.keys(collections)).toEqual([...always, ...more]);
  });
});

describe('goals and strategies', () => {
  it('are named by uuid, name or number', async () => {
    const dummy = (await ask(api, '/v1/goals/dummy')).json();
    expect((await ask(api, `/v1/goals/${dummy.uuid}`)).json()).toEqual(dummy);
    expect((await ask(api, '/v1/goals/3')).json()).toEqual(dummy);
    expect((await ask(api, '/v1/goals/DUMMY')).json()).toEqual(dummy);
    expect(dummy).toMatchObject({ name: 'dummy', updated_at: null, deleted_at: null });
  });

  it('come in pages, whose next leads on', async () => {
    const names: string[] = [];
    let url: string | undefined = '/v1/strategies?limit=5';
    while (url !== undefined) {
      const page: { strategies: { name: string }[]; next?: string } = (await ask(api, url)).json();
      names.push(...page.strategies.map(({ name }) => name));
      url = page.next?.replace(/^http:\/\/[^/]+/, '');
    }
    expect(names.slice(0, 3)).toEqual(['actuator', 'basic', 'dummy']);
    expect(new Set(names).size).toBe(18);
  });

  it('hide Vigil’s own where they are not wanted', async () => {
    const shown = await servedV1(state, { own: false });
    const { goals } = (await ask(shown, '/v1/goals')).json();
    const { strategies } = (await ask(shown, '/v1/strategies')).json();
    await shown.close();
    expect([goals.length, strategies.length]).toEqual([10, 16]);
  });

  it('order only the page by what is not their own', async () => {
    const { strategies, next } = (await ask(api, '/v1/strategies?sort_key=goal_name&limit=3')).json();
    expect(strategies.map(({ name }: { name: string }) => name)).toEqual(['dummy', 'basic', 'actuator']);
    expect(next).toContain(`marker=${strategies[0].uuid}`);
  });

  it('are filtered by goal', async () => {
    const { strategies } = (await ask(api, '/v1/strategies/detail?goal=dummy')).json();
    expect(strategies.map(({ name }: { name: string }) => name)).toEqual([
      'dummy',
      'dummy_with_resize',
      'dummy_with_scorer',
    ]);
    expect(strategies[0].parameters_spec.properties).toHaveProperty('para1');
    expect((await ask(api, '/v1/strategies?goal=nothing')).json()).toEqual({ strategies: [] });
  });

  it('say what they need', async () => {
    const state = (await ask(api, '/v1/strategies/dummy/state')).json();
    expect(state.map(({ type }: { type: string }) => type)).toEqual(['Datasource', 'Metrics', 'CDM', 'Name']);
  });

  it.each([
    ['limit=0', 400, 'Limit must be positive'],
    [
      'limit=abc',
      400,
      "Invalid input for field/attribute limit. Value: 'abc'. unable to convert to int. Error: invalid literal for int() with base 10: 'abc'",
    ],
    ['limit=1&limit=2', 400, "Invalid input for field/attribute limit. Value: '['1', '2']'."],
    ['sort_key=links', 400, 'Invalid sort key: links'],
    ['sort_key=__proto__', 400, 'Invalid sort key: __proto__'],
    ['sort_dir=up', 400, "Invalid sort direction: up. Acceptable values are 'asc' or 'desc'"],
    ['unknown=1', 400, 'Unknown argument: "unknown"'],
    ['marker=abc', 404, 'Goal abc could not be found'],
  ])('refuse %s', async (query, status, text) => {
    const answer = await ask(api, `/v1/goals?${query}`);
    expect(answer.statusCode).toBe(status);
    expect(faultOf(answer)).toContain(text);
  });
});

describe('policy', () => {
  it('looks an item up first, and asks first for a collection', async () => {
    const headers = { 'x-roles': 'member' };
    const forbidden = await ask(api, '/v1/goals', { headers });
    expect([forbidden.statusCode, faultOf(forbidden)]).toEqual([
      403,
      "Policy doesn't allow goal:get_all to be performed.",
    ]);
    expect((await ask(api, '/v1/goals/nothing', { headers })).statusCode).toBe(404);
    expect((await ask(api, '/v1/goals/dummy', { headers })).statusCode).toBe(403);
    expect((await ask(api, '/v1/goals/dummy', { headers: { 'x-roles': 'reader, administrator' } })).statusCode).toBe(
      200,
    );
  });

  it('takes no role for none', async () => {
    expect((await api.inject('/v1/goals')).statusCode).toBe(403);
  });

  it('is what the operator says', async () => {
    const own = await servedV1(state, { policy: { 'goal:get_all': ['reader'] } });
    expect((await ask(own, '/v1/goals', { headers: { 'x-roles': 'reader' } })).statusCode).toBe(200);
    expect((await ask(own, '/v1/goals')).statusCode).toBe(403);
    await own.close();
  });
});
