import { Type } from 'typebox';
import { type SeriesState, STATES } from '../../../../streams/sla/state.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';
import { RULE_PARAMS } from './rules.ts';

const QUERY = Type.Object(
  {
    resource: Type.Optional(Type.String({ description: 'Only of this host (by name) or instance (by uuid).' })),
    state: Type.Optional(Type.Unsafe<SeriesState>({ type: 'string', enum: [...STATES], description: 'Only these.' })),
    limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
    marker: Type.Optional(Type.String({ description: 'The last resource of the page before.' })),
  },
  { additionalProperties: false },
);

const SERIES = Type.Object({
  resource: Type.String(),
  state: Type.String({ description: STATES.join(', ') }),
  since: Type.Unsafe<number | null>({ type: ['number', 'null'], description: 'Since when, seconds since 1970.' }),
  value: Type.Unsafe<number | null>({ type: ['number', 'null'], description: 'The statistic at the last step.' }),
});

const ANSWERS = {
  200: Type.Object({
    series: Type.Array(SERIES),
    next_marker: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /sla/rules/{name}/series`: the series a rule is about with their states, by resource. */
export function seriesRoute(api: Api, { knowing, book }: SlaContext): void {
  const schema = {
    summary: 'Series of a rule',
    tags: ['sla'],
    params: RULE_PARAMS,
    querystring: QUERY,
    response: ANSWERS,
  };
  api.get('/sla/rules/:name/series', { schema, config: { ofProject: true } }, async (request) => {
    const { params, query, projectScope: project } = request;
    const { resource = null, state = null, limit, marker: after = '' } = query;
    const rule = book.get(params.name).rule.name;
    const { series, more } = await knowing.ask('series', { rule, resource, state, project, after, limit });
    return { series: [...series], next_marker: more ? (series.at(-1)?.resource ?? null) : null };
  });
}
