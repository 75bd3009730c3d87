import { Type } from 'typebox';
import { METRIC_SOURCES, SUPPORT_LEVELS, UNSUPPORTED } from '../../../streams/metrics/kinds.ts';
import { REFUSALS } from '../../../streams/metrics/measurement.ts';
import type { MeasuringState } from '../../metrics-sources/measuring-state.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const SUPPORT = Type.String({ description: `One of ${SUPPORT_LEVELS.join(', ')}.` });

const REFUSED = Type.Object(
  {
    reason: Type.String(),
    what_to_do: Type.String(),
    count: Type.Integer(),
    examples: Type.Array(
      Type.Object(
        { metric: Type.String(), labels: Type.Record(Type.String(), Type.String()) },
        { additionalProperties: false },
      ),
      { description: 'The latest ones, of different series.' },
    ),
  },
  { additionalProperties: false },
);

const ANSWERS = {
  200: Type.Object(
    {
      sources: Type.Array(
        Type.Object(
          {
            name: Type.String(),
            kind: Type.String(),
            support: SUPPORT,
            status: Type.String({ description: 'connecting, connected, waiting, gap, caught-up or ended.' }),
            detail: Type.String(),
            received: Type.Integer({ description: 'Measurements since this process started.' }),
            taken: Type.Integer(),
            gaps: Type.Integer({ description: 'Times measurements may have been missed.' }),
            refused: Type.Array(REFUSED),
          },
          { additionalProperties: false },
        ),
        { description: 'The sources of measurements that are configured.' },
      ),
      series: Type.Object(
        { count: Type.Integer({ description: 'Measured within the last hour, about.' }), limit: Type.Integer() },
        { additionalProperties: false },
      ),
      kinds: Type.Array(
        Type.Object(
          { kind: Type.String(), title: Type.String(), support: SUPPORT, about: Type.String() },
          { additionalProperties: false },
        ),
        { description: 'Every kind there is, and what to use instead of those there are not.' },
      ),
    },
    { additionalProperties: false },
  ),
  ...ERROR_ANSWERS,
};

const NO_QUERY = Type.Object({}, { additionalProperties: false });
const KINDS = Object.entries({ ...METRIC_SOURCES, ...UNSUPPORTED }).map(([kind, about]) => ({ kind, ...about }));

/** `GET /sla/sources`: where measurements come from, what was not taken and why, and what else could be used. */
export function metricSourcesRoute(api: Api, measuring: MeasuringState): void {
  const schema = { summary: 'Sources of measurements', tags: ['sla'], querystring: NO_QUERY, response: ANSWERS };
  api.get('/sla/sources', { schema }, () => {
    return {
      sources: measuring.sources().map(({ last: { kind: status, detail }, refused, ...report }) => ({
        ...report,
        status,
        detail,
        refused: refused.map(({ examples, ...one }) => ({
          ...one,
          what_to_do: REFUSALS[one.reason],
          examples: [...examples],
        })),
      })),
      series: measuring.series,
      kinds: KINDS,
    };
  });
}
