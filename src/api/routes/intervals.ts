import { type Static, Type } from 'typebox';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { byKind, intervalSchema, reconcilingOf } from '../reconcile-answers.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const BODY = Type.Object(
  {
    full: Type.Optional(intervalSchema('full')),
    changes: Type.Optional(intervalSchema('changes')),
    services: Type.Optional(intervalSchema('services')),
    touched: Type.Optional(intervalSchema('touched')),
  },
  { additionalProperties: false, minProperties: 1 },
);

const ANSWERS = {
  200: answerSchema({ intervals: byKind(intervalSchema, 'Seconds between two passes, from now on.') }),
  ...ERROR_ANSWERS,
};

/** `PUT /model/reconcile`: how often the cloud is read, until the process ends; what is left out stays. */
export function intervalsRoute(api: Api, state: ServiceState): void {
  const schema = { summary: 'How often the cloud is read', tags: ['model'], body: BODY, response: ANSWERS };
  api.put('/model/reconcile', { schema }, async ({ body }: { body: Static<typeof BODY> }) => ({
    ...standing(state),
    intervals: await reconcilingOf(state).ask('intervals', body),
  }));
}
