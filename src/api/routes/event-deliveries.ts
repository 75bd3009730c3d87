import { Type } from 'typebox';
import type { ModelStore } from '../../../model/store.ts';
import { DELIVERIES, type Delivery } from '../../events/deliveries/courier.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const DELIVERY = Type.Object(
  {
    target: Type.String({ description: 'The webhook, or the Watcher’s audit, by its configured name.' }),
    event: Type.String({ description: 'The id of the event.' }),
    type: Type.String(),
    delivered: Type.Boolean({ description: 'false: it was given up.' }),
    attempts: Type.Integer(),
    detail: Type.String({ description: 'What was answered last, or why nothing was.' }),
    at: Type.String({ description: 'When it was told or given up.' }),
  },
  { title: 'Delivery', additionalProperties: false },
);

const ANSWERS = {
  200: Type.Object({ deliveries: Type.Array(DELIVERY) }, { additionalProperties: false }),
  ...ERROR_ANSWERS,
};

const NO_QUERY = Type.Object({}, { additionalProperties: false });

/** `GET /events/deliveries`: the latest events told to webhooks and Watchers, the newest first. */
export function deliveriesRoute(api: Api, store: ModelStore): void {
  const schema = { summary: 'Events told to others', tags: ['events'], querystring: NO_QUERY, response: ANSWERS };
  api.get('/events/deliveries', { schema }, async () => {
    const { records } = await store.listRecords(DELIVERIES.kind, null, DELIVERIES.limit);
    const deliveries = records.map(({ value }) => value as unknown as Delivery).reverse();
    return { deliveries: deliveries.map((delivery) => ({ ...delivery, at: new Date(delivery.at).toISOString() })) };
  });
}
