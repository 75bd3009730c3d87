import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import { VigilError } from '../../errors.ts';
import type { ReadScope } from '../../reconcile/questions.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { PASS_SCHEMA, reconcilingOf, showPass, showReading, TARGET_SCHEMA } from '../reconcile-answers.ts';
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
    const report = await reconcilingOf(state).ask('refresh', { scope: targetOf(scope), wait });
    if (report === null) return reply.code(202).send({ ...standing(state), scope });
    return { ...standing(state), scope, report: 'kind' in report ? showPass(report) : showReading(report) };
  });
}

function targetOf(scope: Scope): ReadScope {
  if (scope === 'all') return scope;
  return 'host' in scope ? { kind: 'host', id: scope.host } : { kind: 'instance', id: scope.instance };
}
