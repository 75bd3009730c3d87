import type { ActionPlan } from '../../../audits/action-plan.ts';
import { PLAN_REQUESTS, PLAN_STATES, type PlanState } from '../../../audits/states.ts';
import { answerSchema } from '../attribute.ts';
import { enforce, type V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { changeOperation, deleteOperation } from '../operations.ts';
import { type PatchOperation, type PatchRules, patched, patchFailed } from '../patch.ts';
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
  return [
    ...readOperations(resource, v1),
    changeOperation(resource, v1, {
      summary: 'start or cancel',
      rules: PATCH_RULES,
      change: (plan, patch, request) => {
        const to = stateAsked(plan, patch);
        const words: Words = {
          'state-transition': ({ from = '', to: wanted = '' }) =>
            patchFailed(patch, notAllowed(String(from), String(wanted))),
        };
        return inOurWords(() => plans.setState(plan.uuid, to, actorOf(request)), words);
      },
    }),
    deleteOperation(resource, v1, 'delete, with its actions', ({ uuid }, request) =>
      inOurWords(() => plans.delete(uuid, actorOf(request))),
    ),
    {
      method: 'POST',
      path: `${resource.collection}/:ident/start`,
      schema: {
        summary: 'ActionPlan: start',
        params: IDENT,
        response: { 200: answerSchema(resource.attributes, resource.kind) },
      },
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
