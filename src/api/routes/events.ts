import { type Static, Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import type { LiveModel } from '../../../model/live-model.ts';
import { VigilError } from '../../errors.ts';
import { BEGINNING, type CloudEvent, EVENT_ID_FORM, type EventId } from '../../events/cloud-event.ts';
import type { EventLog } from '../../events/event-log.ts';
import { EVENT_TYPES } from '../../events/event-types.ts';
import { ERROR_SCHEMA } from '../answer.ts';
import { EventSubscriber } from '../events/event-subscriber.ts';
import { isOfProject } from '../events/of-project.ts';
import type { Readers } from '../stream/readers.ts';
import { startStream } from '../stream/start-stream.ts';
import type { Api } from './route.ts';

const TYPE = Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH });

const QUERY = Type.Object(
  {
    type: Type.Optional(
      Type.Array(TYPE, {
        maxItems: 20,
        description: 'Only types that are, or begin with, one of these: `vigil.breach`.',
      }),
    ),
    subject: Type.Optional(Type.Array(TYPE, { maxItems: 100, description: 'Only events of one of these subjects.' })),
    after: Type.Optional(
      Type.Unsafe<EventId>({
        ...{ type: 'string', pattern: EVENT_ID_FORM, form: 'the id of an event, as 01795754624000-5f0c1d2e3a4b' },
        description: 'Continue after this event. The header Last-Event-ID does the same.',
      }),
    ),
  },
  { additionalProperties: false },
);

const FORM = new RegExp(EVENT_ID_FORM);

/** `GET /events` as server-sent events, each a CloudEvent; docs/api.md has the contract. */
export function eventsRoute(api: Api, log: EventLog, readers: Readers, model: LiveModel): void {
  const schema = {
    summary: 'What happens, as server-sent events',
    description: 'Events: event (a CloudEvent 1.0), missed. The id of an event is that of the CloudEvent.',
    tags: ['events'],
    querystring: QUERY,
    response: {
      200: { description: 'Events without end', content: { 'text/event-stream': { schema: Type.String() } } },
      '4xx': ERROR_SCHEMA,
      '5xx': ERROR_SCHEMA,
    },
  };
  api.get(
    '/events',
    { schema, exposeHeadRoute: false, config: { endless: true, ofProject: true } },
    (request, reply) => {
      readers.assertRoom();
      const { projectScope } = request;
      const wanted = filterOf(request.query);
      const asked = {
        passes: (event: CloudEvent) =>
          wanted(event) && (projectScope === null || isOfProject(event, projectScope, model)),
        after: afterOf(request.headers['last-event-id'], request.query.after),
      };
      const out = startStream(reply);
      const subscriber = new EventSubscriber(out, log, asked, (why) => {
        readers.wasCut();
        request.log.warn({ why }, 'subscriber of events cut');
      });
      readers.add(out, subscriber);
      subscriber.start();
    },
  );
}

/** A browser that reconnects sends the last id it saw, which is newer than that of the address. */
function afterOf(header: string | string[] | undefined, after: EventId | undefined): EventId | null {
  if (header === undefined || header === '') return after ?? null;
  const text = String(header);
  return FORM.test(text) ? (text as EventId) : BEGINNING;
}

function filterOf({ type: types, subject: subjects }: Static<typeof QUERY>): (event: CloudEvent) => boolean {
  for (const asked of types ?? []) {
    if (Object.keys(EVENT_TYPES).some((type) => isWithin(type, asked))) continue;
    const problem = `there is no type ${asked}; there are ${Object.keys(EVENT_TYPES).join(', ')}`;
    throw new VigilError('invalid-parameter', { where: 'query', parameter: 'type', problem });
  }
  return ({ type, subject }) =>
    (types === undefined || types.some((asked) => isWithin(type, asked))) &&
    (subjects === undefined || subjects.includes(subject));
}

/** `vigil.breach` stands for all types below it. */
function isWithin(type: string, asked: string): boolean {
  return type === asked || type.startsWith(`${asked}.`);
}
