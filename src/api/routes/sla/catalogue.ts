import { Type } from 'typebox';
import { PROVIDERS } from '../../../../model/metrics/metric.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';

const METRIC = Type.Object({
  name: Type.String(),
  description: Type.String(),
  unit: Type.String(),
  of: Type.Array(Type.String(), { description: 'instance, host.' }),
  bad: Type.String({ description: 'On which side of a threshold trouble lies: above or below.' }),
  provisions: Type.Array(
    Type.Object({
      by: Type.String({ description: `Who provides it: ${Object.keys(PROVIDERS).join(', ')}.` }),
      of: Type.String(),
      query: Type.String({ description: 'PromQL, a meter, or a name, by the provider.' }),
      counter: Type.Optional(Type.Boolean()),
      perVcpu: Type.Optional(Type.Boolean()),
      scale: Type.Optional(Type.Number()),
    }),
  ),
});

const ANSWERS = { 200: Type.Object({ metrics: Type.Array(METRIC) }), ...ERROR_ANSWERS };

/** `GET /sla/metrics`: what rules and strategies can be about. */
export function catalogueRoute(api: Api, { metrics }: SlaContext): void {
  const querystring = Type.Object({}, { additionalProperties: false });
  const schema = { summary: 'The metric catalogue', tags: ['sla'], querystring, response: ANSWERS };
  api.get('/sla/metrics', { schema }, () => {
    const all = [...metrics.values()].map(({ of, provisions, ...metric }) => ({
      ...metric,
      of: [...of],
      provisions: provisions.map((provision) => ({ ...provision })),
    }));
    return { metrics: all };
  });
}
