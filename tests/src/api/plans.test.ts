import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plansRoutes } from '../../../src/api/routes/plans.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import type { Action } from '../../../src/audits/action.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import { type Desk, deskOn } from '../../../src/audits/desk.ts';
import { trustedHeaders } from '../../../src/identity/headers.ts';
import { access, testApi } from './api.ts';
import { type TestState, testState } from './state.ts';

const AT = Date.UTC(2026, 10, 25, 12);
const BY = { kind: 'rule', name: 'steal' } as const;
const STORED = { createdAt: AT, updatedAt: null, deletedAt: null };

let state: TestState;
let desk: Desk;
let api: Api;

beforeEach(async () => {
  state = await testState();
  desk = deskOn(state.store.ledger, () => AT);
  await desk.book.open();
  api = testApi(state, { access: access(trustedHeaders()), parts: [{ routes: (it) => plansRoutes(it, desk.book) }] });
});
afterEach(async () => {
  await api.close();
  await state.close();
});

async function keep(uuid: string, auditUuid: string): Promise<void> {
  const plan: Omit<ActionPlan, 'id'> = {
    ...STORED,
    uuid,
    auditUuid,
    goal: 'sla',
    strategy: 'sla',
    state: 'RECOMMENDED',
    statusMessage: null,
    note: null,
    efficacyIndicators: [{ name: 'cpu_steal', description: 'Of the victims.', unit: '%', value: 31 }],
    globalEfficacy: [],
    rejected: [{ candidate: 'vm-9', code: 'locked', text: 'it is locked' }],
    rejectedCount: 3,
    modelRevision: '1-7',
    automation: 'full',
    trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['vm-1'], severity: 'warning' },
    startedBy: null,
    hostname: null,
    history: [{ from: null, to: 'RECOMMENDED', at: AT, reason: 'the strategy proposed it', by: BY }],
  };
  const action: Omit<Action, 'id'> = {
    ...STORED,
    uuid: `${uuid}-1`,
    planUuid: uuid,
    auditUuid,
    actionType: 'migrate',
    inputParameters: { resource_id: 'vm-2', source_node: 'h1', destination_node: 'h2' },
    state: 'PENDING',
    statusMessage: null,
    parents: [],
    weight: 1,
    reason: 'it takes the CPU that vm-1 misses',
    intent: null,
    history: [],
  };
  await desk.book.change((changes) => {
    changes.put('action_plan', { ...plan, id: changes.number('action_plan') });
    changes.put('action', { ...action, id: changes.number('action') });
  });
}

const ask = (url: string, roles = 'admin') => api.inject({ url, headers: { 'x-roles': roles } });

describe('a plan with its reasons', () => {
  it('tells what it answers, why each action is in it, and what was not done', async () => {
    const audit = await desk.audits.create({ auditType: 'ONESHOT', goal: 'dummy', name: 'asked' }, BY);
    await keep('p1', audit.uuid);
    const answer = await ask('/plans/p1');
    expect(answer.json()).toMatchObject({
      uuid: 'p1',
      audit: { uuid: audit.uuid, name: 'asked', type: 'ONESHOT' },
      trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['vm-1'] },
      created_at: '2026-11-25T12:00:00.000Z',
      actions: [{ type: 'migrate', state: 'PENDING', reason: 'it takes the CPU that vm-1 misses' }],
      rejected: [{ candidate: 'vm-9', code: 'locked', text: 'it is locked' }],
      rejected_count: 3,
      history: [{ from: null, to: 'RECOMMENDED', by: 'steal' }],
    });
  });

  it('is described as it is answered', async () => {
    await keep('p1', 'gone');
    await api.ready();
    const { paths, components } = api.swagger() as unknown as { paths: Record<string, unknown>; components: object };
    for (const [path, url] of [
      ['/plans', '/plans'],
      ['/plans/{uuid}', '/plans/p1'],
    ] as const) {
      const operation = paths[path] as {
        get: { responses: Record<string, { content: Record<string, { schema: object }> }> };
      };
      const schema = operation?.get.responses['200']?.content['application/json']?.schema;
      const validate = new Ajv2020({ strict: false }).compile({ ...schema, components });
      expect(validate((await ask(url)).json()) ? [] : validate.errors).toEqual([]);
    }
  });

  it('is listed from the newest on, also when its audit is deleted', async () => {
    await keep('p1', 'gone');
    await keep('p2', 'gone');
    const { plans } = (await ask('/plans')).json() as { plans: { uuid: string; audit: unknown }[] };
    expect(plans.map(({ uuid, audit }) => [uuid, audit])).toEqual([
      ['p2', null],
      ['p1', null],
    ]);
    expect((await ask('/plans?limit=1')).json()).toMatchObject({ plans: [{ uuid: 'p2' }] });
  });

  it('is for those who may see plans', async () => {
    expect((await ask('/plans', 'member')).statusCode).toBe(403);
    expect((await ask('/plans/none')).json()).toMatchObject({ error: { code: 'action-plan-not-found' } });
    expect((await ask('/plans?limit=0')).statusCode).toBe(400);
  });
});
