import { setImmediate as nextTurn } from 'node:timers/promises';
import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import { VigilError } from '../../errors.ts';
import type { ReconcileControl } from '../../reconcile/control.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { PASS_SCHEMA, reconcileOf, showPass, showReading, TARGET_SCHEMA } from '../reconcile-answers.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const ID = Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH });

/** What is to be read anew: all, one host with what is on it, or one instance. */
const SCOPE = Type.Union([
  Type.Literal('all'),
  Type.Object({ host: ID }, { additionalProperties: false }),
  Type.Object({ instance: ID }, { additionalProperties: false }),
]);

const BODY = Type.Object(
  {
    scope: SCOPE,
    wait: Type.Boolean({ default: false, description: 'Answer when it is done, with the report.' }),
  },
  { additionalProperties: false },
);

const ANSWERS = {
  200: answerSchema({
    scope: SCOPE,
    report: Type.Union([PASS_SCHEMA, TARGET_SCHEMA], { description: 'Of a full pass, or of a single reading.' }),
  }),
  202: answerSchema({ scope: SCOPE }),
  ...ERROR_ANSWERS,
};

const EXPECTED = 'the body must be {"scope": "all" | {"host": NAME} | {"instance": UUID}, "wait": true | false}';

type Scope = 'all' | { readonly host: string } | { readonly instance: string };

/** `POST /model/refresh`: reads the cloud, or a part of it, from its APIs at once. */
export function refreshRoute(api: Api, state: ServiceState): void {
  const schema = { summary: 'Read the cloud anew', tags: ['model'], body: BODY, response: ANSWERS };
  api.post('/model/refresh', { schema, attachValidation: true }, async ({ body, validationError }, reply) => {
    if (validationError !== undefined) throw new VigilError('bad-request', { problem: EXPECTED });
    const { scope, wait } = body;
    const reading = begin(reconcileOf(state), scope);
    // What is refused is so at once.
    const refused = wait ? (await reading) === null : (await Promise.race([reading, nextTurn(true)])) === null;
    if (refused) throw new VigilError('too-many-reads');
    if (wait) return { ...standing(state), scope, report: await reading };
    return reply.code(202).send({ ...standing(state), scope });
  });
}

/** The report in the words of the API; null when it was not made. */
async function begin(reconcile: ReconcileControl, scope: Scope): Promise<object | null> {
  if (scope === 'all') {
    const report = await reconcile.refreshAll();
    return report === null ? null : showPass(report);
  }
  const target =
    'host' in scope ? ({ kind: 'host', id: scope.host } as const) : ({ kind: 'instance', id: scope.instance } as const);
  const report = await reconcile.refresh(target);
  return report === null ? null : showReading(report);
}
