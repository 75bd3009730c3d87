import { type Static, Type } from 'typebox';
import type { Cause } from '../../../model/fact.ts';
import { isoTime } from './time.ts';

/** What made us believe something, as answers show it. */
export const CAUSE_SCHEMA = Type.Object(
  {
    event: Type.String({ description: 'Event type of the notification, or the API read.' }),
    message_id: Type.String({ description: 'Id of the notification, or of the API request.' }),
    publisher: Type.String({ description: 'Who said it: publisher id, or the API’s endpoint.' }),
    at: Type.String({ description: 'When it was said, by the sayer’s clock, ISO 8601.' }),
  },
  { title: 'Cause', additionalProperties: false },
);

export const EXPLAIN_SCHEMA = Type.Record(Type.String(), CAUSE_SCHEMA, {
  description: 'For each field that was told by somebody, what told it last.',
});

export type ShownCause = Static<typeof CAUSE_SCHEMA>;

export function showCause(cause: Cause): ShownCause {
  return { event: cause.event, message_id: cause.id, publisher: cause.publisher, at: isoTime(cause.time) };
}
