import { type Static, Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import { type Alert, AlertSource } from '../../../streams/metrics/sources/alerts.ts';
import type { MeasuringState } from '../../metrics-sources/measuring-state.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const MAX_ALERTS = 10_000;

const LABELS = Type.Record(Type.String({ maxLength: MAX_ID_LENGTH }), Type.String({ maxLength: 4_096 }));

/** What Alertmanager's webhook sends (version 4); what is not used of it is let be. */
const BODY = Type.Object({
  alerts: Type.Array(
    Type.Object({
      status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
      labels: LABELS,
      fingerprint: Type.Optional(Type.String({ maxLength: MAX_ID_LENGTH })),
    }),
    { maxItems: MAX_ALERTS },
  ),
});

const ANSWERS = {
  200: Type.Object(
    { taken: Type.Integer(), refused: Type.Record(Type.String(), Type.Integer()) },
    { additionalProperties: false },
  ),
  ...ERROR_ANSWERS,
};

/** `POST /sla/alertmanager`: alerts, each a metric of its own name. */
export function alertmanagerRoute(api: Api, measuring: MeasuringState): void {
  const schema = { summary: 'Alerts of an Alertmanager', tags: ['sla'], body: BODY, response: ANSWERS };
  api.post('/sla/alertmanager', { schema }, async ({ body }) => {
    const { taken, refused } = await measuring.receiver(AlertSource, 'alertmanager').tell(body.alerts.map(alertOf));
    const counts: Record<string, number> = {};
    for (const { reason } of refused) counts[reason] = (counts[reason] ?? 0) + 1;
    return { taken, refused: counts };
  });
}

function alertOf({ status, labels, fingerprint }: Static<typeof BODY>['alerts'][number]): Alert {
  const name = labels.alertname ?? '';
  return { fingerprint: fingerprint ?? JSON.stringify(labels), name, firing: status === 'firing', labels };
}
