import { type Static, Type } from 'typebox';
import type { Action } from '../../audits/action.ts';
import type { ActionPlan } from '../../audits/action-plan.ts';
import type { Book } from '../../audits/book.ts';
import type { Transition } from '../../audits/record.ts';
import { VigilError } from '../../errors.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const textOrNull = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });

const HISTORY = Type.Array(
  Type.Object({
    from: textOrNull('Null at the creation.'),
    to: Type.String(),
    at: Type.String({ description: 'When, ISO 8601.' }),
    reason: Type.String(),
    by: Type.String({ description: 'Who or what: a user, a rule, or a part of Vigil.' }),
  }),
);

export const INDICATORS = Type.Array(
  Type.Object({
    name: Type.String(),
    description: Type.String(),
    unit: textOrNull(''),
    value: Type.Number(),
  }),
);

export const REJECTED = Type.Array(
  Type.Object({ candidate: Type.String(), code: Type.String(), text: Type.String() }),
  { description: 'What could have been done and was not, and why.' },
);

const ACTION = Type.Object({
  uuid: Type.String(),
  type: Type.String(),
  state: Type.String(),
  status_message: textOrNull('What came of it, or why it is in its state.'),
  reason: Type.String({ description: 'Why it was proposed.' }),
  input: Type.Record(Type.String(), Type.Unknown()),
  parents: Type.Array(Type.String(), { description: 'Uuids of the actions that must have ended before.' }),
  history: HISTORY,
});

const PLAN = Type.Object({
  uuid: Type.String(),
  state: Type.String(),
  status_message: textOrNull('Why it is in its state.'),
  goal: Type.String(),
  strategy: Type.String(),
  audit: Type.Unsafe<{ uuid: string; name: string; type: string } | null>({
    type: ['object', 'null'],
    description: 'The audit it comes of: uuid, name, type; null once that is deleted.',
  }),
  trigger: Type.Unsafe<ActionPlan['trigger']>({
    type: ['object', 'null'],
    description:
      'The breach it answers: rule, metric, resources, window in seconds, severity; null when it answers none.',
  }),
  automation: Type.String({ description: 'manual, partial or full.' }),
  started_by: textOrNull('Who or what had it carried out; null until then.'),
  model_revision: Type.String({ description: 'Of the model it was made from.' }),
  created_at: Type.String(),
  updated_at: textOrNull('When it last changed.'),
  efficacy_indicators: INDICATORS,
  global_efficacy: INDICATORS,
  actions: Type.Array(ACTION),
  rejected: REJECTED,
  rejected_count: Type.Integer({ description: 'Of all; the first are shown.' }),
  history: HISTORY,
});

const LIST_QUERY = Type.Object(
  { limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }) },
  { additionalProperties: false },
);
const PARAMS = Type.Object({ uuid: Type.String({ minLength: 1, maxLength: 255 }) });

/** `GET /plans` and `GET /plans/{uuid}`: action plans with all that is known of why, more than API v1 has words for. */
export function plansRoutes(api: Api, book: Book): void {
  const listed = { 200: Type.Object({ plans: Type.Array(PLAN) }), ...ERROR_ANSWERS };
  const listing = {
    summary: 'The latest plans, with their reasons',
    tags: ['plans'],
    querystring: LIST_QUERY,
    response: listed,
  };
  api.get('/plans', { schema: listing }, ({ query: { limit } }) => {
    const latest = book.plans.page({ sortKey: null, direction: 'desc', marker: null, limit, deleted: false });
    return { plans: latest.map((plan) => showPlan(plan, book)) };
  });
  const one = { 200: PLAN, ...ERROR_ANSWERS };
  const showing = { summary: 'A plan, with its reasons', tags: ['plans'], params: PARAMS, response: one };
  api.get('/plans/:uuid', { schema: showing }, ({ params: { uuid } }) => {
    const plan = book.plans.get(uuid);
    if (plan === undefined || plan.deletedAt !== null) throw new VigilError('action-plan-not-found', { id: uuid });
    return showPlan(plan, book);
  });
}

function showPlan(plan: ActionPlan, book: Book): Static<typeof PLAN> {
  const audit = book.auditOf(plan);
  return {
    uuid: plan.uuid,
    state: plan.state,
    status_message: plan.statusMessage,
    goal: plan.goal,
    strategy: plan.strategy,
    audit: audit === undefined ? null : { uuid: audit.uuid, name: audit.name, type: audit.auditType },
    trigger: plan.trigger,
    automation: plan.automation,
    started_by: plan.startedBy?.name ?? null,
    model_revision: plan.modelRevision,
    created_at: isoOf(plan.createdAt),
    updated_at: plan.updatedAt === null ? null : isoOf(plan.updatedAt),
    efficacy_indicators: [...plan.efficacyIndicators],
    global_efficacy: [...plan.globalEfficacy],
    actions: book.actions.ofPlan(plan.uuid).map(showAction),
    rejected: [...plan.rejected],
    rejected_count: plan.rejectedCount,
    history: showHistory(plan.history),
  };
}

function showAction(action: Action): Static<typeof ACTION> {
  const { uuid, actionType: type, state, statusMessage, reason, inputParameters: input, parents, history } = action;
  return {
    uuid,
    type,
    state,
    status_message: statusMessage,
    reason,
    input,
    parents: [...parents],
    history: showHistory(history),
  };
}

function showHistory(history: readonly Transition<string>[]): Static<typeof HISTORY> {
  return history.map(({ from, to, at, reason, by }) => ({ from, to, at: isoOf(at), reason, by: by.name }));
}

function isoOf(millis: number): string {
  return new Date(millis).toISOString();
}
