import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../../model/element.ts';
import { VigilError } from '../../../errors.ts';
import type { Finding } from '../../../sla/why.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';
import { RULE_PARAMS } from './rules.ts';

const QUERY = Type.Object(
  {
    resource: Type.String({
      ...{ minLength: 1, maxLength: MAX_ID_LENGTH },
      description: 'An instance by its uuid, or a host by its name.',
    }),
  },
  { additionalProperties: false },
);

const FINDING = Type.Object({
  about: Type.String({ description: 'scope, samples, threshold, hold, mute, incident or audit.' }),
  fires: Type.Boolean({ description: 'Whether it speaks for firing.' }),
  text: Type.String(),
});

const ANSWERS = {
  200: Type.Object({
    rule: Type.String(),
    resource: Type.String(),
    state: Type.String(),
    fires: Type.Boolean({ description: 'Whether all of it speaks for firing.' }),
    because: Type.Array(FINDING, {
      description: 'In the order in which it is looked at; what follows from a no is left out.',
    }),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /sla/rules/{name}/why?resource=`: why a rule did or did not fire. */
export function whyRoute(api: Api, { knowing, book, model }: SlaContext): void {
  const schema = {
    summary: 'Why a rule did or did not fire',
    tags: ['sla'],
    params: RULE_PARAMS,
    querystring: QUERY,
    response: ANSWERS,
  };
  api.get('/sla/rules/:name/why', { schema, config: { ofProject: true } }, async (request) => {
    const { params, query, projectScope } = request;
    const { resource } = query;
    if (projectScope !== null && model.instance(resource)?.identity?.project_id !== projectScope)
      throw new VigilError('instance-not-found', { id: resource });
    const rule = book.get(params.name).rule.name;
    const { state, because } = await knowing.ask('why', { rule, resource });
    const shown = projectScope === null ? because : because.map(forMembers);
    return { rule, resource, state, fires: because.every(({ fires }) => fires), because: [...shown] };
  });
}

/** What members of a project are told instead of what names others, or what operators said to each other. */
const FOR_MEMBERS: { readonly [about in Finding['about']]?: readonly [no: string, yes: string] } = {
  scope: ['the rule is not about it', 'the rule is about it'],
  mute: ['it is silenced, or its host is being worked on', 'nothing mutes it'],
  audit: ['no audit is asked for now', 'an audit is asked for'],
};

function forMembers({ about, fires, text }: Finding): Finding {
  return { about, fires, text: FOR_MEMBERS[about]?.[fires ? 1 : 0] ?? text };
}
