import { type Static, Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import { type Measurement, REFUSALS, type RefusalReason } from '../../../streams/metrics/measurement.ts';
import { ReceivingSource } from '../../../streams/metrics/sources/receiving.ts';
import { VigilError } from '../../errors.ts';
import type { MeasuringState } from '../../metrics-sources/measuring-state.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** Samples in one request. */
const MAX_SAMPLES = 10_000;
/** Refused samples that are listed; all are counted. */
const LISTED = 100;
const MILLIS_PER_SECOND = 1_000;
const ISO_TIME = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$';

const SAMPLE = Type.Object(
  {
    metric: Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, description: 'A name of the metric catalogue.' }),
    resource: Type.String({
      minLength: 1,
      maxLength: MAX_ID_LENGTH,
      description: 'Which host or instance: a uuid, or a host’s name.',
    }),
    value: Type.Number(),
    time: Type.Unsafe<number | string>({
      ...{ type: ['number', 'string'], pattern: ISO_TIME, form: 'seconds since 1970, or an ISO 8601 time' },
      description: 'When it was measured: seconds since 1970, or ISO 8601.',
    }),
  },
  { additionalProperties: false },
);

const BODY = Type.Object({ samples: Type.Array(SAMPLE, { maxItems: MAX_SAMPLES }) }, { additionalProperties: false });

const ANSWERS = {
  200: Type.Object(
    {
      taken: Type.Integer(),
      refused: Type.Record(Type.String(), Type.Integer(), { description: 'How many were not taken, by reason.' }),
      first_refused: Type.Array(
        Type.Object(
          {
            at: Type.Integer({ description: 'Its place in the request, from 0.' }),
            metric: Type.String(),
            resource: Type.String(),
            reason: Type.String(),
            what_to_do: Type.String(),
          },
          { additionalProperties: false },
        ),
        { description: `At most ${LISTED}.` },
      ),
    },
    { additionalProperties: false },
  ),
  ...ERROR_ANSWERS,
};

/** `POST /sla/samples`: takes samples in, and says which were not taken and why. */
export function samplesRoute(api: Api, measuring: MeasuringState): void {
  const schema = { summary: 'Bring samples', tags: ['sla'], body: BODY, response: ANSWERS };
  api.post('/sla/samples', { schema }, async ({ body: { samples } }) => {
    const measurements = samples.map(measurementOf);
    const { taken, refused } = await measuring.receiver(ReceivingSource, 'push').receive(measurements);
    const counts: Partial<Record<RefusalReason, number>> = {};
    for (const { reason } of refused) counts[reason] = (counts[reason] ?? 0) + 1;
    const listed = refused.slice(0, LISTED).map(({ at, reason }) => {
      const { metric = '', resource = '' } = samples[at] ?? {};
      return { at, metric, resource, reason, what_to_do: REFUSALS[reason] };
    });
    return { taken, refused: counts, first_refused: listed };
  });
}

function measurementOf({ metric, resource, value, time }: Static<typeof SAMPLE>, at: number): Measurement {
  const seconds = typeof time === 'number' ? time : Date.parse(time) / MILLIS_PER_SECOND;
  if (Number.isNaN(seconds)) {
    throw new VigilError('bad-request', { problem: `samples[${at}].time ${time} is no date that there is` });
  }
  return { metric, labels: { resource }, value, time: seconds };
}
