import type { InjectOptions, Response } from 'light-my-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../../../../src/api/routes/route.ts';
import { hostFacts, instanceFacts, type TestState, testState } from '../state.ts';
import { ask, faultOf, servedV1 } from './served.ts';

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
  await state.tell([...hostFacts('h1'), ...hostFacts('h2'), ...instanceFacts('a', 'h1'), ...instanceFacts('b', 'h1')]);
  api = await servedV1(state);
});

afterAll(async () => {
  await api.close();
  await state.close();
});

const at = (version: string) => ({ headers: { 'openstack-api-version': `infra-optim ${version}` } });

function send(method: 'POST' | 'PATCH', url: string, body: unknown, version = '1.0'): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'openstack-api-version': `infra-optim ${version}` };
  return ask(api, url, { method, headers, payload: JSON.stringify(body) });
}

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

let count = 0;
async function template(more: object = {}): Promise<{ uuid: string; name: string }> {
  count += 1;
  const body = { name: `template-${count}`, goal: 'dummy', strategy: 'dummy', ...more };
  const answer = await send('POST', '/v1/audit_templates', body, '1.7');
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
}

async function audit(more: object = {}): Promise<{ uuid: string; name: string }> {
  const answer = await send('POST', '/v1/audits', { audit_type: 'ONESHOT', goal: 'dummy', strategy: 'dummy', ...more });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
}

describe('a body', () => {
  const raw = (payload: string, type: string): Promise<Response> =>
    ask(api, '/v1/audit_templates', { method: 'POST', headers: { 'content-type': type }, payload });

  it.each<[string, string, number, string]>([
    ['', 'application/json', 400, 'Missing argument: "audit_template_postdata"'],
    ['{', 'application/json', 400, 'Request is not in valid JSON format'],
    ['[]', 'application/json', 400, 'audit_template_postdata'],
    ['{"__proto__": {"name": "x"}}', 'application/json', 400, 'Request is not in valid JSON format'],
    [`{"scope": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'application/json', 400, 'valid JSON format'],
    ['x', 'text/plain', 415, 'Unknown mimetype: text/plain'],
    ['[]', 'application/json-patch+json', 415, 'Unknown mimetype: application/json-patch+json'],
    ['a=1', 'application/x-www-form-urlencoded', 400, 'form'],
  ])('%.20j of type %s is refused', async (payload, type, status, text) => {
    const answer = await raw(payload, type);
    expect([answer.statusCode, faultOf(answer)]).toEqual([status, expect.stringContaining(text)]);
  });
});

it('that is not there may be called anything', async () => {
  const { uuid } = await template();
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await ask(api, `/v1/audit_templates/${uuid}`, { method: 'DELETE', headers });
  expect(answer.statusCode).toBe(204);
});

describe('audit templates', () => {
  it('are made, shown by name, changed and deleted; their names are free then', async () => {
    const { uuid, name } = await template({ description: 'text', default_parameters: { para1: 4.5 } });
    expect((await ask(api, `/v1/audit_templates/${name}`, at('1.7'))).json()).toMatchObject({
      uuid,
      goal_name: 'dummy',
      strategy_name: 'dummy',
      default_parameters: { para1: 4.5 },
      scope: [],
      updated_at: null,
    });
    const patched = await send('PATCH', `/v1/audit_templates/${uuid}`, replace('/description', 'new'));
    expect(patched.json()).toMatchObject({ description: 'new' });
    expect(patched.json()).not.toHaveProperty('default_parameters');
    expect((await ask(api, `/v1/audit_templates/${uuid}`, { method: 'DELETE' })).statusCode).toBe(204);
    expect(faultOf(await ask(api, `/v1/audit_templates/${uuid}`))).toBe(`AuditTemplate ${uuid} could not be found`);
    const shown = await ask(api, `/v1/audit_templates/${uuid}`, { headers: { 'x-show-deleted': 'yes' } });
    expect(shown.json().deleted_at).not.toBeNull();
    expect((await send('POST', '/v1/audit_templates', { name, goal: 'dummy' })).statusCode).toBe(201);
  });

  it('say where they are', async () => {
    const answer = await send('POST', '/v1/audit_templates', { name: 'where', goal: 'dummy' });
    expect(answer.headers.location).toBe(`http://localhost:80/v1/audit_templates/${answer.json().uuid}`);
    expect(answer.json().links).toEqual([
      { href: answer.headers.location, rel: 'self' },
      { href: String(answer.headers.location).replace('/v1', ''), rel: 'bookmark' },
    ]);
  });

  it.each<[object, number, string]>([
    [{ goal: 'dummy' }, 400, "field/attribute name. Value: 'None'. Mandatory field missing."],
    [{ name: null, goal: 'dummy' }, 400, 'name'],
    [{ name: 5, goal: 'dummy' }, 400, "Wrong type. Expected '<class 'str'>', got '<class 'int'>'"],
    [{ name: 'n'.repeat(64), goal: 'dummy' }, 400, 'name'],
    [{ name: 'x', goal: 'nothing' }, 400, "Value: '{'name': 'x', 'goal': 'nothing'}'. Goal nothing is invalid"],
    [{ name: 'x', goal: 'dummy', strategy: 'basic' }, 400, "'basic' strategy does relate to the 'dummy' goal"],
    [{ name: 'x', goal: 'dummy', nothing: 1 }, 400, 'Unknown attribute for argument audit_template_postdata: nothing'],
    [{ name: 'x', goal: 'dummy', scope: { a: 1 } }, 400, 'scope'],
    [{ name: 'x', goal: 'dummy', scope: [{ compute: [{ nope: [] }] }] }, 400, 'scope: compute rule 1: nope is none of'],
    [{ name: 'x', goal: 'dummy', scope: [{ storage: [{ nope: [] }] }] }, 400, 'scope: storage rule 1: nope is none of'],
    [
      {
        name: 'x',
        goal: 'dummy',
        scope: [{ compute: [{ host_aggregates: [{ id: 1 }] }, { exclude: [{ host_aggregates: [{ id: 2 }] }] }] }],
      },
      400,
      "host_aggregates can't be included and excluded together",
    ],
    [{ name: 'x', goal: 'dummy', default_parameters: { para1: 1 } }, 400, 'default_parameters requires a strategy'],
    [
      { name: 'x', goal: 'dummy', strategy: 'dummy', default_parameters: { para1: 'text' } },
      400,
      'Invalid default_parameters for strategy: para1',
    ],
    [
      { name: 'x', goal: 'dummy', strategy: 'dummy', default_parameters: { nothing: 1 } },
      400,
      'Audit parameter nothing are not allowed',
    ],
  ])('made of %j are refused', async (body, status, text) => {
    const answer = await send('POST', '/v1/audit_templates', body, '1.7');
    expect([answer.statusCode, faultOf(answer)]).toEqual([status, expect.stringContaining(text)]);
  });

  it('keep names apart, and later attributes from earlier versions', async () => {
    const { name, uuid } = await template({ default_parameters: { para1: 2 } });
    expect((await send('POST', '/v1/audit_templates', { name, goal: 'dummy' })).statusCode).toBe(409);
    const early = { name: 'early', goal: 'dummy', strategy: 'dummy', default_parameters: { para1: 2 } };
    expect((await send('POST', '/v1/audit_templates', early, '1.6')).statusCode).toBe(406);
    const patch = await send('PATCH', `/v1/audit_templates/${uuid}`, [{ op: 'remove', path: '/strategy' }], '1.7');
    expect([patch.statusCode, faultOf(patch)]).toEqual([409, expect.stringContaining('default_parameters')]);
  });

  it('may have names as long as those of hosts', async () => {
    const { name } = await template({ name: `${'n'.repeat(63)}.${'n'.repeat(63)}` });
    expect((await ask(api, `/v1/audit_templates/${name}`)).statusCode).toBe(200);
  });

  it.each<[unknown, string]>([
    [replace('/uuid', 'x'), "'/uuid' is an internal attribute and can not be updated"],
    [[{ op: 'add', path: '/nothing', value: 1 }], 'Adding a new attribute (/nothing) to the root of  the resource'],
    [replace('/nothing', 1), "can't replace a non-existent object 'nothing'"],
    [[{ op: 'remove', path: '/nothing' }], "can't remove a non-existent object 'nothing'"],
    [[{ op: 'copy', from: '/name', path: '/name' }], 'Unknown attribute for argument patch: from'],
    [[{ op: 'test', path: '/name', value: 'x' }], 'Value should be one of: replace, add, remove'],
    [[{ op: 'replace', path: '/description' }], "'add' and 'replace' operations needs value"],
    [[{ op: 'replace', value: 1 }], "field/attribute path. Value: 'None'. Mandatory field missing."],
    [replace('description', 'x'), 'Value should match the pattern ^(/[\\w-]+)+$'],
    [{ op: 'replace', path: '/description', value: 'x' }, 'Value not a valid list'],
    [[{ op: 'remove', path: '/goal' }], "Cannot remove 'goal' attribute from an audit template"],
    [replace('/goal', 'nothing'), 'Goal nothing is invalid'],
    [replace('/name', null), 'name'],
  ])('are not changed by %j', async (patch, text) => {
    const { uuid } = await template();
    const answer = await send('PATCH', `/v1/audit_templates/${uuid}`, patch);
    expect([answer.statusCode, faultOf(answer)]).toEqual([400, expect.stringContaining(text)]);
  });
});

describe('audits', () => {
  it('are made with the strategy’s defaults, and show of themselves what the version has', async () => {
    const { uuid } = await audit({ parameters: { para1: 1 }, force: true });
    const fields = async (version: string) =>
      Object.keys((await ask(api, `/v1/audits/${uuid}`, at(version))).json()).sort();
    const first = await fields('1.0');
    expect(first).toEqual(expect.arrayContaining(['force', 'parameters', 'hostname', 'scope', 'next_run_time']));
    expect((await fields('1.1')).filter((name) => !first.includes(name))).toEqual(['end_time', 'start_time']);
    expect(await fields('1.5')).toContain('status_message');
    expect((await ask(api, `/v1/audits/${uuid}`)).json()).toMatchObject({
      state: 'PENDING',
      force: false,
      parameters: { para1: 1, para2: 'hello' },
    });
    expect((await ask(api, `/v1/audits/${uuid}`, at('1.2'))).json().force).toBe(true);
  });

  it('show the scope that they were given, also of what no strategy looks at', async () => {
    const scope = [{ storage: [{ volume_types: [{ name: 'fast' }] }] }, { baremetal: [] }];
    const { uuid } = await template({ scope });
    expect((await ask(api, `/v1/audit_templates/${uuid}`)).json().scope).toEqual(scope);
    const audit = (await send('POST', '/v1/audits', { audit_type: 'ONESHOT', audit_template_uuid: uuid })).json();
    expect((await ask(api, `/v1/audits/${audit.uuid}`)).json().scope).toEqual(scope);
  });

  it('take goal, strategy, scope and parameters over from a template', async () => {
    const scope = [{ host_aggregates: [{ id: 1 }] }];
    const { uuid } = await template({ scope, default_parameters: { para1: 2, para2: 'of template' } });
    const body = { audit_type: 'ONESHOT', audit_template_uuid: uuid, parameters: { para2: 'over' } };
    expect((await send('POST', '/v1/audits', body)).json()).toMatchObject({
      goal_name: 'dummy',
      strategy_name: 'dummy',
      scope: [{ compute: scope }],
      parameters: { para1: 2, para2: 'over' },
      name: expect.stringMatching(/^dummy-\d{4}-/),
    });
  });

  it.each<[object, number, string]>([
    [{ goal: 'dummy' }, 400, "audit_type. Value: 'None'. Mandatory field missing."],
    [{ audit_type: 'SOMETIMES', goal: 'dummy' }, 400, 'Audit type SOMETIMES could not be found'],
    [{ audit_type: 'ONESHOT' }, 400, 'A valid goal or audit_template_id must be provided'],
    [{ audit_type: 'ONESHOT', goal: 'nothing' }, 404, 'Goal nothing could not be found'],
    [{ audit_type: 'ONESHOT', goal: 'dummy', strategy: 'nothing' }, 404, 'Strategy nothing could not be found'],
    [{ audit_type: 'ONESHOT', audit_template_uuid: 'abc' }, 400, 'Expected a uuid but received abc'],
    [
      { audit_type: 'ONESHOT', audit_template_uuid: '00000000-0000-4000-8000-000000000000' },
      400,
      'The audit template UUID or name specified is invalid',
    ],
    [
      { audit_type: 'ONESHOT', goal: 'dummy', audit_template_uuid: '00000000-0000-4000-8000-000000000000' },
      400,
      'Either audit_template_uuid or goal should be provided.',
    ],
    [{ audit_type: 'ONESHOT', goal: 'dummy', interval: '10' }, 400, 'Interval of audit must not be set for ONESHOT.'],
    [{ audit_type: 'CONTINUOUS', goal: 'dummy' }, 400, 'Interval of audit must be specified for CONTINUOUS.'],
    [{ audit_type: 'CONTINUOUS', goal: 'dummy', interval: 'often' }, 400, 'interval'],
    [
      { audit_type: 'ONESHOT', goal: 'dummy', parameters: { a: 1 } },
      400,
      'Specify parameters but no predefined strategy',
    ],
    [
      { audit_type: 'ONESHOT', goal: 'dummy', strategy: 'dummy', parameters: { para1: 1000 } },
      400,
      'Invalid parameters for strategy: para1',
    ],
    [
      { audit_type: 'ONESHOT', goal: 'dummy', strategy: 'dummy', parameters: { nothing: 1 } },
      400,
      'Audit parameter nothing are not allowed',
    ],
    [
      { audit_type: 'ONESHOT', goal: 'dummy', state: 'ONGOING' },
      400,
      "state. Value: 'ONGOING'. Cannot set read only field.",
    ],
    [{ audit_type: 'ONESHOT', goal: 'dummy', auto_trigger: 'maybe' }, 400, 'Value not an unambiguous boolean: maybe'],
    [{ audit_type: 'ONESHOT', goal: 'airflow_optimization', strategy: 'uniform_airflow' }, 400, 'cannot decide yet'],
  ])('made of %j are refused', async (body, status, text) => {
    const answer = await send('POST', '/v1/audits', body, '1.7');
    expect([answer.statusCode, faultOf(answer)]).toEqual([status, expect.stringContaining(text)]);
  });

  it('take times from 1.1 on, in UTC unless they say otherwise', async () => {
    const body = { audit_type: 'CONTINUOUS', goal: 'dummy', interval: '60', start_time: '2040-01-01T02:00:00+02:00' };
    expect((await send('POST', '/v1/audits', body)).statusCode).toBe(406);
    expect((await send('POST', '/v1/audits', body, '1.1')).json().start_time).toBe('2040-01-01T00:00:00');
    const soon = await send('POST', '/v1/audits', { ...body, start_time: 'soon' }, '1.1');
    expect([soon.statusCode, faultOf(soon)]).toEqual([400, expect.stringContaining('Unknown string format')]);
  });

  it('go from state to state as the table has it', async () => {
    const { uuid } = await audit();
    const to = (state: unknown) => send('PATCH', `/v1/audits/${uuid}`, replace('/state', state));
    expect(faultOf(await ask(api, `/v1/audits/${uuid}`, { method: 'DELETE' }))).toBe(
      "Couldn't delete when state is 'PENDING'.",
    );
    const wrong = await to('SUCCEEDED');
    expect([wrong.statusCode, faultOf(wrong)]).toEqual([
      400,
      "Couldn't apply patch '[{'path': '/state', 'op': 'replace', 'value': 'SUCCEEDED'}]'. Reason: State transition not allowed: (PENDING -> SUCCEEDED)",
    ]);
    expect(faultOf(await to(null))).toContain("/state can't be updated.");
    expect((await to('CANCELLED')).json().state).toBe('CANCELLED');
    expect((await ask(api, `/v1/audits/${uuid}`, { method: 'DELETE' })).statusCode).toBe(204);
    const shown = await ask(api, `/v1/audits/${uuid}`, { headers: { 'x-show-deleted': '1' } });
    expect(shown.json().state).toBe('DELETED');
  });

  it('refuse what cannot be patched', async () => {
    const { uuid } = await audit();
    for (const [path, text] of [
      ['/type', "/type can't be updated."],
      ['/audit_template_uuid', "/audit_template_uuid can't be updated."],
      ['/status_message', 'is an internal attribute'],
      ['/hostname', 'is not an allowed attribute'],
      ['/nothing', "can't replace a non-existent object 'nothing'"],
    ] as const) {
      const answer = await send('PATCH', `/v1/audits/${uuid}`, replace(path, 'x'));
      expect([answer.statusCode, faultOf(answer)]).toEqual([400, expect.stringContaining(text)]);
    }
    const removed = await send('PATCH', `/v1/audits/${uuid}`, [{ op: 'remove', path: '/state' }]);
    expect(removed.statusCode).toBe(400);
  });

  it('are called for by webhooks when they wait for it', async () => {
    const { uuid } = await audit({ audit_type: 'EVENT' });
    const call = (id: string, options: InjectOptions = {}) =>
      ask(api, `/v1/webhooks/${id}`, { method: 'POST', payload: {}, ...options });
    const called = await call(uuid, { headers: { 'x-roles': 'service' } });
    expect([called.statusCode, called.body]).toEqual([202, '']);
    expect(faultOf(await call((await audit()).uuid))).toBe('Audit type ONESHOT is disallowed.');
    expect((await call('nothing')).statusCode).toBe(404);
    expect((await call(uuid, { headers: { 'x-roles': 'member' } })).statusCode).toBe(403);
  });
});

describe('plans and actions', () => {
  it('are named by uuid alone', async () => {
    for (const kind of ['action_plans', 'actions']) {
      const answer = await ask(api, `/v1/${kind}/nothing`);
      expect([answer.statusCode, faultOf(answer)]).toEqual([400, expect.stringContaining('Expected a uuid')]);
      const none = await ask(api, `/v1/${kind}/00000000-0000-4000-8000-000000000000`);
      expect(none.statusCode).toBe(404);
    }
  });

  it('are skipped from 1.5 on, which is looked at before all else', async () => {
    const answer = await send('PATCH', '/v1/actions/nothing', [], '1.4');
    expect([answer.statusCode, faultOf(answer)]).toEqual([400, 'API microversion 1.5 or higher is required.']);
  });

  it('are not filtered by audit and plan at once', async () => {
    const uuid = '00000000-0000-4000-8000-000000000000';
    const answer = await ask(api, `/v1/actions?audit_uuid=${uuid}&action_plan_uuid=${uuid}`);
    expect(faultOf(answer)).toBe('Filtering actions on both audit and action-plan is prohibited');
  });

  it('name in Allow what their kind takes', async () => {
    const plan = await send('POST', '/v1/action_plans', {});
    const action = await send('POST', '/v1/actions', {});
    expect([plan.statusCode, action.statusCode, action.headers.allow]).toEqual([405, 405, 'GET, PATCH']);
  });
});

describe('the data model', () => {
  it('has one row for each server, and one for a node without', async () => {
    const { context } = (await ask(api, '/v1/data_model/?data_model_type=compute', at('1.6'))).json();
    expect(context.map((row: Record<string, unknown>) => [row.node_hostname, row.server_uuid])).toEqual([
      ['h1', 'a'],
      ['h1', 'b'],
      ['h2', undefined],
    ]);
    expect(context[0]).toMatchObject({
      node_status: 'enabled',
      node_state: 'up',
      node_memory: 262_144,
      node_memory_ratio: 1,
      server_name: 'vm-a',
      server_state: 'active',
      server_vcpus: 2,
      server_disk: 20,
      server_locked: false,
      server_watcher_exclude: false,
      server_pinned_az: '',
      server_flavor_extra_specs: {},
    });
  });

  it('follows the cloud, and writes anew only what changed', async () => {
    const rows = async () => (await ask(api, '/v1/data_model', at('1.3'))).json().context.length;
    const before = await rows();
    await state.tell(instanceFacts('c', 'h2'));
    expect(await rows()).toBe(before);
    await state.tell(instanceFacts('d', 'h2'));
    expect(await rows()).toBe(before + 1);
  });

  it('needs 1.3, knows one type, and audits that are there', async () => {
    expect((await ask(api, '/v1/data_model', at('1.2'))).statusCode).toBe(406);
    const storage = await ask(api, '/v1/data_model?data_model_type=storage', at('1.3'));
    expect([storage.statusCode, faultOf(storage)]).toEqual([404, 'The storage data model could not be found']);
    const absent = await ask(api, '/v1/data_model?audit_uuid=00000000-0000-4000-8000-000000000000', at('1.3'));
    expect(absent.statusCode).toBe(400);
    expect((await ask(api, '/v1/data_model?audit_uuid=abc', at('1.3'))).statusCode).toBe(400);
  });
});

describe('scoring engines and services', () => {
  it('are shown by name', async () => {
    const engine = (await ask(api, '/v1/scoring_engines/dummy_scorer')).json();
    expect(engine).toMatchObject({ name: 'dummy_scorer', metainfo: '' });
    expect((await ask(api, '/v1/services')).json()).toEqual({ services: [] });
    expect(faultOf(await ask(api, '/v1/services/99999'))).toBe('The service 99999 cannot be found.');
  });
});
