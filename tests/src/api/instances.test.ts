import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import { aggregateFacts, deleted, hostFacts, instanceFacts, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
  api = testApi(state);
  await state.tell([
    ...hostFacts('h1'),
    ...hostFacts('h2'),
    ...instanceFacts('a', 'h1', { name: 'web-1' }),
    ...instanceFacts('b', 'h2', { project: 'project-2', state: 'stopped', metadata: { role: 'db=1' }, name: 'DB-1' }),
    ...instanceFacts('c', null, { state: 'building', zone: 'zone-3' }),
    ...instanceFacts('d', 'h2', { name: 'web-2' }),
    ...aggregateFacts('agg', 'fast', ['h2'], { availability_zone: 'zone-2' }),
  ]);
});

afterAll(async () => {
  await api.close();
  await state.close();
});

async function uuids(query: string): Promise<string[]> {
  const answer = await api.inject(`/model/instances?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().instances.map(({ uuid }: { uuid: string }) => uuid);
}

describe('GET /model/instances', () => {
  it('says how far the answer can be trusted', async () => {
    const { revision, age_seconds, synced } = (await api.inject('/model/instances')).json();
    expect({ revision, age_seconds, synced }).toEqual({ revision: state.model.revision, age_seconds: 1, synced: true });
  });

  it.each([
    ['', ['a', 'b', 'c', 'd']],
    ['host=h2', ['b', 'd']],
    ['host=h1&host=h2', ['a', 'b', 'd']],
    ['host=nowhere', []],
    ['state=stopped', ['b']],
    ['state=STOPPED&state=building', ['b', 'c']],
    ['project=project-2', ['b']],
    ['project=project-1&host=h2', ['d']],
    ['flavor=m1.small&name=web', ['a', 'd']],
    ['name=db', ['b']],
    ['az=zone-2', ['b', 'd']],
    ['az=zone-3', ['c']],
    ['az=nova', ['a']],
    ['aggregate=fast', ['b', 'd']],
    ['aggregate=agg&state=active', ['d']],
    ['metadata=role%3Ddb%3D1', ['b']],
    ['metadata=role%3Dx', []],
    ['metadata=__proto__%3Dx', []],
  ])('filters by %s', async (query, expected) => {
    expect(await uuids(query)).toEqual(expected);
  });

  it.each([
    ['sort_key=name', ['b', 'c', 'a', 'd']],
    ['sort_key=name&sort_dir=desc', ['d', 'a', 'c', 'b']],
    ['sort_key=host', ['a', 'b', 'd', 'c']],
    ['sort_key=host&sort_dir=desc', ['c', 'd', 'b', 'a']],
  ])('sorts by %s, what is unknown last', async (query, expected) => {
    expect(await uuids(query)).toEqual(expected);
  });

  it('shows only the fields asked for', async () => {
    const answer = await api.inject('/model/instances?fields=host,uuid&state=stopped');
    expect(answer.json().instances).toEqual([{ uuid: 'b', host: 'h2' }]);
  });

  it('explains each field on demand', async () => {
    const answer = await api.inject('/model/instances?fields=host,az&state=stopped&explain=true');
    const [{ explain }] = answer.json().instances;
    expect(Object.keys(explain)).toEqual(['host']);
    expect(explain.host).toMatchObject({ event: 'instance.update', publisher: 'nova-compute:test' });
  });

  it.each([
    ['stat=active', 'unknown-parameter', 'There is no query parameter stat here; did you mean state?'],
    ['state=runing', 'invalid-parameter', '"runing" is no vm_state'],
    ['limit=0', 'invalid-parameter', 'must be >= 1'],
    ['limit=1001', 'invalid-parameter', 'must be <= 1000'],
    ['limit=1&limit=2', 'invalid-parameter', 'limit'],
    ['sort_key=flavor', 'invalid-parameter', 'must be one of uuid, name'],
    ['fields=uuid,hosts', 'invalid-parameter', 'there is no field "hosts"'],
    ['metadata=role', 'invalid-parameter', 'metadata'],
    [`host=${'x'.repeat(256)}`, 'invalid-parameter', 'host'],
    ['marker=gone&sort_key=name', 'unknown-marker', 'Begin again'],
    ['__proto__=x', 'unknown-parameter', '__proto__'],
  ])('refuses %s and says what to do', async (query, code, text) => {
    const answer = await api.inject(`/model/instances?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.code).toBe(code);
    expect(answer.body.replaceAll('\\"', '"')).toContain(text);
  });
});

describe('GET /model/instances/{uuid}', () => {
  it('tells an unknown instance from a deleted one', async () => {
    await state.tell([...instanceFacts('gone', 'h1'), deleted('gone')]);
    const unknown = await api.inject('/model/instances/never');
    expect([unknown.statusCode, unknown.json().error.code]).toEqual([404, 'instance-not-found']);
    const answer = await api.inject('/model/instances/gone');
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'instance-deleted']);
    expect(answer.json().error.message).toMatch(
      /was deleted; instance\.delete\.end of nova-compute:test said so at 20/,
    );
  });

  it('refuses an id that is too long', async () => {
    const answer = await api.inject(`/model/instances/${'x'.repeat(256)}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid-parameter']);
  });
});
