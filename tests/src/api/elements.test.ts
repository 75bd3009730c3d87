import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import {
  aggregateFacts,
  deleted,
  fact,
  groupFacts,
  hostFacts,
  instanceFacts,
  moved,
  type TestState,
  testState,
} from './state.ts';

const PROVIDER = {
  inventories: { VCPU: { total: 64, reserved: 0, allocation_ratio: 4 } },
  traits: ['HW_CPU_X86_AVX'],
};
const CLAIMS = { consumers: 3, resources: { VCPU: 6, MEMORY_MB: 6_144, DISK_GB: 60 } };

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
  api = testApi(state);
  await state.tell([
    ...hostFacts('h1'),
    fact('host/h1', 'provider/h1', PROVIDER),
    fact('host/h1', 'claims/h1', CLAIMS),
    ...hostFacts('h2'),
    fact('host/h2', 'service/service-of-h2', { disabled: true, disabled_reason: 'repair', forced_down: false }),
    fact('host/h2', 'heartbeat', { up: false }),
    ...instanceFacts('a', 'h1'),
    ...instanceFacts('b', 'h1'),
    ...instanceFacts('c', 'only-named'),
    ...aggregateFacts('agg-1', 'fast', ['h1'], { ssd: 'true' }),
    ...aggregateFacts('agg-2', 'zone', ['h1', 'h2'], { availability_zone: 'north' }),
    ...groupFacts('group', ['a', 'gone']),
    ...instanceFacts('gone', 'h1'),
    deleted('gone'),
  ]);
});

afterAll(async () => {
  await api.close();
  await state.close();
});

async function get(url: string) {
  const answer = await api.inject(url);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

describe('a host', () => {
  it('is shown with its service, its size, its place in the cloud and what runs there', async () => {
    const { host } = await get('/model/hosts/h1');
    expect(host).toEqual({
      name: 'h1',
      service: { uuid: 'service-of-h1', disabled: false, disabled_reason: null, forced_down: false },
      up: true,
      az: 'north',
      aggregates: [
        { uuid: 'agg-1', name: 'fast' },
        { uuid: 'agg-2', name: 'zone' },
      ],
      nodes: [
        {
          name: 'h1',
          uuid: 'node-of-h1',
          vcpus: 64,
          memory_mb: 262_144,
          disk_gb: 2_000,
          hypervisor_type: 'QEMU',
          provider: PROVIDER,
          claims: CLAIMS,
        },
      ],
      instances: { count: 2, vcpus: 4, memory_mb: 4_096, disk_gb: 40 },
      claims: { count: 3, vcpus: 6, memory_mb: 6_144, disk_gb: 60 },
    });
  });

  it('is known by its instances alone if need be', async () => {
    const { host } = await get('/model/hosts/only-named');
    expect(host).toMatchObject({ service: null, up: null, az: 'nova', nodes: [], instances: { count: 1 } });
  });

  it('is not found when nobody spoke of it', async () => {
    for (const url of ['/model/hosts/none', '/model/hosts/none/instances']) {
      const answer = await api.inject(url);
      expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'host-not-found']);
    }
  });

  it.each([
    ['az=north', ['h1', 'h2']],
    ['az=nova', ['only-named']],
    ['aggregate=fast', ['h1']],
    ['up=false', ['h2']],
    ['disabled=true', ['h2']],
    ['disabled=false', ['h1']],
    ['sort_dir=desc', ['only-named', 'h2', 'h1']],
  ])('is listed by %s', async (query, expected) => {
    const { hosts } = await get(`/model/hosts?${query}`);
    expect(hosts.map(({ name }: { name: string }) => name)).toEqual(expected);
  });

  it('lists its instances with the filters of instances', async () => {
    const { instances } = await get('/model/hosts/h1/instances?fields=uuid&name=vm-b');
    expect(instances).toEqual([{ uuid: 'b' }]);
    expect((await api.inject('/model/hosts/h1/instances?host=h2')).statusCode).toBe(400);
  });
});

describe('aggregates and server groups', () => {
  it('are listed', async () => {
    expect((await get('/model/aggregates')).aggregates).toEqual([
      { uuid: 'agg-1', id: 1, name: 'fast', az: null, hosts: ['h1'], metadata: { ssd: 'true' } },
      {
        uuid: 'agg-2',
        id: 1,
        name: 'zone',
        az: 'north',
        hosts: ['h1', 'h2'],
        metadata: { availability_zone: 'north' },
      },
    ]);
    const [group] = (await get('/model/server-groups')).server_groups;
    expect(group).toMatchObject({
      uuid: 'group',
      policy: 'anti-affinity',
      members: ['a'],
      members_ever: ['a', 'gone'],
    });
  });
});

describe('an explanation', () => {
  it('tells the present cause of each field and what was told before', async () => {
    await state.tell([moved('b', 'h2')]);
    await state.tell([fact('instance/b', 'place', { host: 'h1', node: 'h1' }, 'instance.live_migration_rollback.end')]);
    const { instance, history } = await get('/model/instances/b?explain=true&fields=host,az');
    expect(instance).toMatchObject({ host: 'h1', az: 'north' });
    expect(instance.explain.host.event).toBe('instance.live_migration_rollback.end');
    expect(instance.explain.az).toBeUndefined();
    const places = history.filter(({ register }: { register: string }) => register === 'place');
    expect(
      places.map(({ value, cause }: { value: { host: string }; cause: { event: string } }) => [
        value.host,
        cause.event,
      ]),
    ).toEqual([
      ['h1', 'instance.live_migration_rollback.end'],
      ['h2', 'instance.live_migration_post.end'],
      ['h1', 'instance.update'],
    ]);
  });
});

describe('what is not synced', () => {
  it('says so, and why, in every answer', async () => {
    state.fresh = { synced: false, reasons: ['the queue was at its limit'], ageSeconds: null };
    const answers = await Promise.all(
      ['hosts', 'hosts/h1', 'instances', 'instances/a', 'aggregates', 'server-groups', 'stats', 'dead-letters'].map(
        (path) => get(`/model/${path}`),
      ),
    );
    state.fresh = { synced: true, reasons: [], ageSeconds: 1 };
    for (const { synced, not_synced_because, age_seconds } of answers) {
      expect([synced, not_synced_because, age_seconds]).toEqual([false, ['the queue was at its limit'], null]);
    }
  });
});
