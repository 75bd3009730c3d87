import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../../model/element.ts';
import type { LiveModel } from '../../../../model/live-model.ts';
import type { Rule } from '../../../../streams/sla/rule.ts';
import { VigilError } from '../../../errors.ts';
import type { Knowing } from '../../../inquiry.ts';
import type { SlaQuestions } from '../../../sla/questions.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';
import { RULE_PARAMS } from './rules.ts';

const BODY = Type.Object(
  {
    resources: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH }), {
        ...{ minItems: 1, maxItems: 100 },
        description: 'Whom the breach is said to be of; default: the first that the rule is about.',
      }),
    ),
  },
  { additionalProperties: false },
);

const ANSWERS = {
  202: Type.Object({
    audit: Type.String({ description: 'The uuid of the audit, which is there once the engine has taken the request.' }),
    resources: Type.Array(Type.String()),
  }),
  ...ERROR_ANSWERS,
};

/**
 * `POST /sla/rules/{name}/test-fire`: asks for the rule's audit as if there were a breach, whatever would hold it back. Its
 * plan waits for an operator, whatever the rule says.
 */
export function testFireRoute(api: Api, { knowing, requests, book, model, now }: SlaContext): void {
  const schema = { summary: 'Try a rule out', tags: ['sla'], params: RULE_PARAMS, body: BODY, response: ANSWERS };
  const nothingSent = async (request: FastifyRequest): Promise<void> => {
    request.body ??= {};
  };
  api.post('/sla/rules/:name/test-fire', { schema, preValidation: nothingSent }, async (request, reply) => {
    const { name } = request.params;
    const { rule } = book.get(name);
    if (rule.audit === null) throw new VigilError('rule-without-audit', { name });
    const resources = request.body.resources ?? (await first(name, knowing));
    for (const resource of resources) assertKnown(rule, resource, model);
    if (resources.length === 0) throw new VigilError('rule-about-nobody', { name });
    const audit = await requests.tryOut(rule, resources, request.identity.user ?? 'an operator', now());
    return reply.code(202).send({ audit, resources: [...resources] });
  });
}

async function first(rule: string, knowing: Knowing<SlaQuestions>): Promise<string[]> {
  const all = { resource: null, state: null, project: null, after: '' };
  const { series } = await knowing.ask('series', { rule, ...all, limit: 1 });
  return series.map(({ resource }) => resource);
}

function assertKnown({ of }: Rule, id: string, model: LiveModel): void {
  if (of === 'host' && model.host(id) === undefined) throw new VigilError('host-not-found', { id });
  if (of === 'instance' && model.instance(id) === undefined) throw new VigilError('instance-not-found', { id });
}
