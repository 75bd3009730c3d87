import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../../model/element.ts';
import { why } from '../../../sla/why.ts';
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
export function whyRoute(api: Api, { engine, book, records, model }: SlaContext): void {
  const schema = {
    summary: 'Why a rule did or did not fire',
    tags: ['sla'],
    params: RULE_PARAMS,
    querystring: QUERY,
    response: ANSWERS,
  };
  api.get('/sla/rules/:name/why', { schema }, ({ params: { name }, query: { resource } }) => {
    const because = why(book.get(name).rule, resource, engine, records, model);
    const state = engine.evaluator.inspect(name, resource)?.state ?? 'unknown';
    return { rule: name, resource, state, fires: because.every(({ fires }) => fires), because };
  });
}
