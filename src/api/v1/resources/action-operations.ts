import type { FastifyRequest } from 'fastify';
import type { Action } from '../../../audits/action.ts';
import { ACTION_STATES } from '../../../audits/states.ts';
import { invalid } from '../arguments.ts';
import type { V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { ADDED } from '../microversion.ts';
import { changeOperation } from '../operations.ts';
import { type PatchOperation, type PatchRules, unpatchable, valueAt } from '../patch.ts';
import { pythonText } from '../python-text.ts';
import { inOurWords, type Words } from '../refusals.ts';
import { readOperations } from '../resource.ts';
import type { Operation } from '../serve.ts';
import { actorOf } from '../stored.ts';
import { actions } from './actions.ts';
import { notAllowed } from './audit-operations.ts';

const PATCH_RULES: PatchRules = {
  allowed: ['/state', '/status_message'],
  mandatory: ['/state', '/status_message'],
  mayBeEmpty: true,
};
const NOT_SKIPPED = 'status_message update only allowed when action state is SKIPPED';
const WORDS: Words = {
  'state-transition': ({ from = '', to = '' }) =>
    new Fault('conflict', { problem: notAllowed(String(from), String(to)) }),
};
const MAX_REASON = 255;

/** What can be done with actions: leave one out. */
export function actionOperations(v1: V1): readonly Operation[] {
  const resource = actions(v1);
  return [
    ...readOperations(resource, v1),
    changeOperation(resource, v1, {
      summary: 'skip',
      description: 'Since 1.5.',
      rules: PATCH_RULES,
      refuse: needSkipping,
      change: (action, patch, request) => {
        const reason = reasonOf(action, patch, request);
        return inOurWords(() => v1.desk.plans.skip(action.uuid, reason, actorOf(request)), WORDS);
      },
    }),
  ];
}

function needSkipping({ minor }: FastifyRequest): void {
  if (minor >= ADDED.skipping) return;
  throw new Fault('refused', { problem: `API microversion 1.${ADDED.skipping} or higher is required.` });
}

/** Why an action is to be skipped, as a patch says; null when it does not. Throws Fault for whatever else it asks. */
function reasonOf(action: Action, patch: readonly PatchOperation[], request: FastifyRequest): string | null {
  const state = valueAt(patch, '/state') ?? action.state;
  const asked = patch.find(({ path }) => path === '/state');
  if (asked !== undefined && !ACTION_STATES.some((known) => known === state))
    throw unpatchable(
      asked,
      request.body as readonly unknown[],
      `Invalid state: ${pythonText(state).replace(/^'|'$/g, '')}`,
    );
  if (asked !== undefined && state !== 'SKIPPED')
    throw new Fault('conflict', { problem: notAllowed(action.state, String(state)) });
  if (asked === undefined && action.state !== 'SKIPPED') throw new Fault('conflict', { problem: NOT_SKIPPED });
  const message = valueAt(patch, '/status_message');
  if (message === undefined || message === null) return null;
  if (typeof message !== 'string' || message.length > MAX_REASON)
    throw invalid('status_message', message, `It must be a text of at most ${MAX_REASON} characters.`);
  return message;
}
