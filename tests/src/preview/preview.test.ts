import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveModel } from '../../../model/live-model.ts';
import { previewRoute } from '../../../src/api/routes/preview.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { answerFinder } from '../../../src/audits/answer.ts';
import { cloudOf } from '../../strategies/cloud.ts';
import { measured } from '../../strategies/measured.ts';
import { NOW } from '../../strategies/solving.ts';
import { testApi } from '../api/api.ts';
import { type TestState, testState } from '../api/state.ts';
import { type Desk, openDesk } from '../audits/desk.ts';

let state: TestState;
let desk: Desk;
let model: LiveModel;
let api: Api;
let doubts: string[] = [];

beforeEach(async () => {
  state = await testState();
  desk = await openDesk();
  model = cloudOf({
    hosts: { far: {} },
    instances: { j: { place: { host: 'here' } }, k: { place: { host: 'there' } } },
  });
  const answer = answerFinder({
    model,
    metrics: () => measured({ cpu_util: { i: 100, j: 10, k: 0 }, cpu_steal: { j: 30 } }),
    history: { lastMove: () => null },
    now: () => NOW,
    movesPerPlan: 100,
    emptiesOfExcluded: false,
    distrust: () => doubts,
  });
  const shown = { ...state, model };
  api = testApi(shown, { parts: [{ routes: (it) => previewRoute(it, shown, answer, desk.templates) }] });
});
afterEach(async () => {
  doubts = [];
  await api.close();
  await state.close();
});

interface Shown {
  readonly error?: { readonly code: string; readonly message: string };
  readonly steps: readonly {
    readonly strategy: string;
    readonly note: string | null;
    readonly actions: readonly {
      readonly type: string;
      readonly input: { [name: string]: unknown };
      readonly foreseen: string | null;
      parents: number[];
    }[];
    readonly rejected: readonly { readonly candidate: string; readonly code: string }[];
  }[];
  readonly totals: { readonly before: object; readonly after: object };
  readonly hosts: readonly { host: string; before: { instances: number }; after: { instances: number } }[];
}

async function ask(body: object): Promise<Shown> {
  const answer = await api.inject({ method: 'POST', url: '/model/preview', payload: body });
  return answer.json() as Shown;
}

const moves = ({ steps }: Shown): unknown[][] =>
  steps.map(({ actions }) =>
    actions.flatMap(({ type, input, foreseen }) =>
      type === 'migrate' ? [[input.resource_id, input.destination_node ?? foreseen]] : [],
    ),
  );

const MAINTENANCE = { strategy: 'host_maintenance', parameters: { maintenance_node: 'here' } };

describe('a preview', () => {
  it('shows what an audit would come to: actions in their order, and hosts before and after', async () => {
    const shown = await ask(MAINTENANCE);
    expect(shown.steps[0]?.actions.map(({ type, parents }) => [type, parents])).toEqual([
      ['change_nova_service_state', []],
      ['migrate', [0]],
      ['migrate', [0]],
    ]);
    expect(shown.hosts.map(({ host, before, after }) => [host, before.instances, after.instances])).toEqual([
      ['far', 0, 2],
      ['here', 2, 0],
    ]);
    expect(shown.totals).toEqual({
      before: { hosts: 3, disabled_hosts: 0, empty_hosts: 1, instances: 3, stopped_instances: 0 },
      after: { hosts: 3, disabled_hosts: 1, empty_hosts: 1, instances: 3, stopped_instances: 0 },
    });
  });

  it('keeps nothing, and leaves the model as it is', async () => {
    const before = [...model.instances()];
    await ask(MAINTENANCE);
    expect([...model.instances()]).toEqual(before);
    expect([...desk.book.audits.all(), ...desk.book.plans.all()]).toEqual([]);
    expect(moves(await ask(MAINTENANCE))).toEqual(moves(await ask(MAINTENANCE)));
  });

  it('looks at each of several audits on what the ones before would leave', async () => {
    const next = { strategy: 'host_maintenance', parameters: { maintenance_node: 'far' } };
    const shown = await ask({ audits: [MAINTENANCE, next] });
    expect(moves(shown)[1]).toHaveLength(2);
    expect(moves(shown)[1]?.every((move) => (move as string[])[1] === 'there')).toBe(true);
    expect(shown.hosts.find(({ host }) => host === 'there')?.after.instances).toBe(3);
  });

  it('takes a breach, as one would start the audit', async () => {
    const trigger = { metric: 'cpu_steal', resources: ['j'] };
    expect(moves(await ask({ goal: 'sla', trigger }))).toEqual([[['i', 'far']]]);
  });

  it('takes goal, strategy, scope and parameters from a template, with what is given over it', async () => {
    await desk.templates.create({
      name: 'empty',
      goal: 'cluster_maintaining',
      strategy: 'host_maintenance',
      defaultParameters: { maintenance_node: 'here' },
    });
    expect(moves(await ask({ audit_template: 'empty' }))[0]).toHaveLength(2);
    const shown = await ask({ audit_template: 'empty', parameters: { maintenance_node: 'there' } });
    expect(moves(shown)[0]).toHaveLength(1);
  });

  it('keeps to the scope', async () => {
    const scope = [{ compute: [{ exclude: [{ instances: [{ uuid: 'i' }] }] }] }];
    const shown = await ask({ ...MAINTENANCE, scope });
    expect(shown.steps[0]?.rejected).toMatchObject([{ candidate: 'i', code: 'out-of-scope' }]);
  });

  it('notes that the model is doubtful', async () => {
    doubts = ['the model is not synced'];
    expect((await ask(MAINTENANCE)).steps[0]?.note).toBe('Made although the model is not synced.');
  });

  it.each([
    [{}, 'audit-invalid', 'give a goal, a strategy or an audit template'],
    [{ goal: 'nothing' }, 'goal-not-found', 'nothing'],
    [{ strategy: 'nothing' }, 'strategy-not-found', 'nothing'],
    [{ audit_template: 'nothing' }, 'audit-template-not-found', 'nothing'],
    [{ goal: 'dummy', strategy: 'sla' }, 'audit-invalid', 'sla serves the goal sla, not dummy'],
    [{ strategy: 'host_maintenance' }, 'parameters-invalid', 'maintenance_node is missing'],
    [{ strategy: 'dummy', parameters: { para1: 99 } }, 'parameters-invalid', 'para1 must be <= 10.2'],
    [{ strategy: 'saving_energy' }, 'audit-unsolvable', 'saving_energy is known by name only'],
    [{ audits: [{ strategy: 'dummy' }, { strategy: 'sla' }] }, 'audit-unsolvable', 'Audit 2 comes to nothing'],
    [{ strategy: 'dummy', audits: [{ strategy: 'dummy' }] }, 'audit-invalid', 'it cannot stand beside audits'],
    [{ audits: [] }, 'invalid-parameter', 'audits'],
    [{ startegy: 'dummy' }, 'invalid-parameter', 'startegy'],
    [{ strategy: 'dummy', scope: [{ hosts: [] }] }, 'audit-invalid', 'scope'],
  ])('refuses %o and says what is wrong', async (body, code, text) => {
    const { error } = await ask(body);
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(text);
  });

  it('is described as it is', async () => {
    const description = (await api.inject('/openapi.json')).json() as {
      paths: {
        [path: string]: { post: { responses: { 200: { content: { 'application/json': { schema: object } } } } } };
      };
    };
    const schema = description.paths['/model/preview']?.post.responses[200].content['application/json'].schema ?? {};
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validate(schema, await ask(MAINTENANCE)), ajv.errorsText()).toBe(true);
  });
});
