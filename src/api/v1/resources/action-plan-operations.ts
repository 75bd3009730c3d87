import type { ActionPlan } from '../../../audits/action-plan.ts';
import { PLAN_REQUESTS, PLAN_STATES, type PlanState } from '../../../audits/states.ts';
import { answerSchema } from '../attribute.ts';
import { enforce, type V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { type PatchOperation, type PatchRules, patched, patchFailed, readPatch } from '../patch.ts';
import { pythonText } from '../python-text.ts';
import { inOurWords, type Words } from '../refusals.ts';
import { IDENT, itemOf, readOperations, showItem } from '../resource.ts';
import type { Operation } from '../serve.ts';
import { actorOf } from '../stored.ts';
import { actionPlans } from './action-plans.ts';
import { notAllowed } from './audit-operations.ts';

const PATCH_RULES: PatchRules = { internal: ['/status_message'], mandatory: ['/audit_id', '/state'] };

/** What can be done with action plans. */
export function actionPlanOperations(v1: V1): readonly Operation[] {
  const { plans } = v1.desk;
  const resource = actionPlans(v1);
  const item = answerSchema(resource.attributes, resource.kind);
  const path = `${resource.collection}/:ident`;
  return [
    ...readOperations(resource, v1),
    {
      method: 'PATCH',
      path,
      schema: { summary: 'ActionPlan: start or cancel', params: IDENT, response: { 200: item } },
      handle: async (request) => {
        const patch = readPatch(request.body, PATCH_RULES);
        const plan = itemOf(resource, request);
        enforce(v1, request, 'action_plan:update');
        const to = stateAsked(plan, patch);
        const words: Words = {
          'state-transition': ({ from = '', to: wanted = '' }) =>
            patchFailed(patch, notAllowed(String(from), String(wanted))),
        };
        const changed = await inOurWords(() => plans.setState(plan.uuid, to, actorOf(request)), words);
        return showItem(resource, changed, request);
      },
    },
    {
      method: 'DELETE',
      path,
      schema: { summary: 'ActionPlan: delete, with its actions', params: IDENT },
      handle: async (request, reply) => {
        const plan = itemOf(resource, request);
        enforce(v1, request, 'action_plan:delete');
        await inOurWords(() => plans.delete(plan.uuid, actorOf(request)));
        reply.code(204);
      },
    },
    {
      method: 'POST',
      path: `${path}/start`,
      schema: { summary: 'ActionPlan: start', params: IDENT, response: { 200: item } },
      handle: async (request) => {
        const plan = itemOf(resource, request);
        enforce(v1, request, 'action_plan:start');
        const started = await inOurWords(() => plans.start(plan.uuid, actorOf(request)));
        return showItem(resource, started, request);
      },
    },
  ];
}

/** The state that a patch asks for. Clients change nothing else of a plan. */
function stateAsked(plan: ActionPlan, patch: readonly PatchOperation[]): PlanState {
  const { state, hostname, globalEfficacy } = plan;
  const after = patched({ state, hostname, global_efficacy: globalEfficacy }, patch);
  const other = patch.find(({ path }) => path !== '/state');
  if (other !== undefined) throw new Fault('not-allowed-attribute', { path: other.path });
  const to = PLAN_STATES.find((known) => known === after.state);
  if (to !== undefined && PLAN_REQUESTS[state].includes(to)) return to;
  throw patchFailed(patch, notAllowed(state, typeof after.state === 'string' ? after.state : pythonText(after.state)));
}
