import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../../model/element.ts';
import { SCOPE_KINDS, type ScopeKind } from '../../../../streams/sla/rule.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';
import { STANDING, showObjective } from './rule-answer.ts';
import { RULE_PARAMS } from './rules.ts';

const QUERY = Type.Object(
  {
    per: Type.Optional(
      Type.Unsafe<ScopeKind>({ type: 'string', enum: [...SCOPE_KINDS], description: 'Only by this.' }),
    ),
    scope: Type.Optional(
      Type.String({
        maxLength: MAX_ID_LENGTH,
        description: 'Only this aggregate, host (by name) or instance (by uuid).',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  },
  { additionalProperties: false },
);

const SCOPE = Type.Object({
  per: Type.String({ description: SCOPE_KINDS.join(', ') }),
  scope: Type.String({ description: 'The aggregate, the host, or what is measured.' }),
  ...STANDING,
});

const ANSWERS = {
  200: Type.Object({
    scopes: Type.Array(SCOPE, { description: 'Those of which the least is left first.' }),
    count: Type.Integer({ description: 'How many there are, shown or not.' }),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /sla/rules/{name}/objectives`: how a rule's objective stands for each scope it is counted by. */
export function objectivesRoute(api: Api, { knowing, book }: SlaContext): void {
  const schema = {
    summary: 'Objectives of a rule by scope',
    tags: ['sla'],
    params: RULE_PARAMS,
    querystring: QUERY,
    response: ANSWERS,
  };
  api.get('/sla/rules/:name/objectives', { schema, config: { ofProject: true } }, async (request) => {
    const { params, query, projectScope: project } = request;
    const { per = null, scope = null, limit } = query;
    const rule = book.get(params.name).rule.name;
    const { scopes, count } = await knowing.ask('objectives', { rule, per, scope, project, limit });
    const shown = scopes.map(({ per: by, scope: of, ...standing }) => ({
      per: by,
      scope: of,
      ...showObjective(standing),
    }));
    return { scopes: shown, count };
  });
}
