import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import { deleted, fact, hostFacts, instanceFacts, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;

const placed = (name: string): ReturnType<typeof fact>[] => [
  ...hostFacts(name),
  fact(`host/${name}`, `provider/${name}`, {
    inventories: {
      VCPU: { total: 8, reserved: 0, allocation_ratio: 4 },
      MEMORY_MB: { total: 8_192, reserved: 0, allocation_ratio: 1 },
      DISK_GB: { total: 100, reserved: 0, allocation_ratio: 1 },
    },
    traits: [],
  }),
  fact(`host/${name}`, `claims/${name}`, { consumers: 0, resources: {} }),
];

beforeAll(async () => {
  state = await testState();
  await state.tell([
    ...placed('h1'),
    ...placed('h2'),
    ...placed('h3'),
    fact('host/h3', 'heartbeat', { up: false }, 'GET /os-services'),
    ...instanceFacts('a', 'h1'),
    fact('instance/a', 'locked', { locked: false, reason: null }),
    fact('instance/a', 'constraints', { image_properties: {}, pinned_zone: null }, 'GET /servers/detail'),
    ...instanceFacts('gone', 'h1'),
    deleted('gone'),
  ]);
  api = testApi(state);
});

afterAll(async () => {
  await api.close();
  await state.close();
});

describe('GET /model/instances/{uuid}/placements', () => {
  it('says of every host whether the instance may be moved there, and why not', async () => {
    const answer = await api.inject('/model/instances/a/placements');
    expect(answer.statusCode).toBe(200);
    const notes = [
      { code: 'hints-untold', text: 'Scheduler hints are not told by this nova (2.100 does); nova heeds them itself.' },
    ];
    expect(answer.json()).toEqual({
      revision: state.model.revision,
      age_seconds: 1,
      synced: true,
      instance: 'a',
      kind: 'live',
      placements: [
        {
          host: 'h1',
          allowed: false,
          forbidden: [{ code: 'same-host', text: 'The instance is on h1 already.' }],
          notes,
        },
        { host: 'h2', allowed: true, forbidden: [], notes },
        {
          host: 'h3',
          allowed: false,
          forbidden: [{ code: 'host-down', text: 'nova counts the service of h3 as down.' }],
          notes,
        },
      ],
    });
  });

  it('looks at the kind of move that is asked for', async () => {
    await state.tell([fact('instance/a', 'state', { vm_state: 'stopped', task_state: null })]);
    const allowed = async (kind: string): Promise<unknown> =>
      (await api.inject(`/model/instances/a/placements?kind=${kind}`))
        .json<{ placements: { host: string; allowed: boolean }[] }>()
        .placements.filter((it) => it.allowed)
        .map(({ host }) => host);
    expect(await allowed('live')).toEqual([]);
    expect(await allowed('cold')).toEqual(['h2']);
  });

  it.each([
    ['/model/instances/x/placements', 404, 'instance-not-found'],
    ['/model/instances/gone/placements', 404, 'instance-deleted'],
    ['/model/instances/a/placements?kind=hot', 400, 'invalid-parameter'],
    ['/model/instances/a/placements?hots=1', 400, 'unknown-parameter'],
  ])('answers %s with %i %s', async (url, status, code) => {
    const answer = await api.inject(url);
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
  });
});
