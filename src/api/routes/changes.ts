import { type Static, Type } from 'typebox';
import { parseRevision, type Revision } from '../../../model/revision.ts';
import { ERROR_SCHEMA } from '../answer.ts';
import { CHANGE_FILTERS, elementFilter } from '../changes/filter.ts';
import type { Subscribers } from '../changes/subscribers.ts';
import { startStream } from '../stream/start-stream.ts';
import type { Api } from './route.ts';

const QUERY = Type.Object(
  {
    ...CHANGE_FILTERS,
    snapshot: Type.Boolean({
      default: false,
      description: 'Whether everything there is comes first, then the changes.',
    }),
    after: Type.Optional(
      Type.Unsafe<Revision>({
        type: 'string',
        pattern: '^\\d{1,15}-\\d{1,15}$',
        form: 'a revision, as 1795422644-1207',
        description: 'Continue after this revision, instead of a snapshot. The header Last-Event-ID does the same.',
      }),
    ),
  },
  { additionalProperties: false },
);

const CHANGES = '/model/changes';

/** `GET /model/changes` as server-sent events; docs/api.md has the contract. */
export function changesRoute(api: Api, subscribers: Subscribers): void {
  const schema = {
    summary: 'Changes, as server-sent events',
    description: 'Events: snapshot, synced-snapshot, change, resync. The id of an event is the revision after it.',
    tags: ['model'],
    querystring: QUERY,
    response: {
      200: { description: 'Events without end', content: { 'text/event-stream': { schema: Type.String() } } },
      '4xx': ERROR_SCHEMA,
      '5xx': ERROR_SCHEMA,
    },
  };
  api.get(CHANGES, { schema, exposeHeadRoute: false, config: { endless: true, ofProject: true } }, (request, reply) => {
    subscribers.readers.assertRoom();
    const { projectScope } = request;
    const query: Static<typeof QUERY> =
      projectScope === null ? request.query : { ...request.query, kind: ['instance'], project: [projectScope] };
    const asked = {
      filter: elementFilter(query),
      snapshot: query.snapshot,
      after: placeOf(request.headers['last-event-id'], query.after),
      snapshotUrl: snapshotUrl(query),
      confined: projectScope !== null,
    };
    const out = startStream(reply);
    subscribers
      .serve(out, asked, (why) => request.log.warn({ why }, 'subscriber cut'))
      .catch((error: unknown) => {
        request.log.error({ err: error }, 'a subscriber could not be served');
        out.destroy();
      });
  });
}

/** A browser that reconnects sends the last id it saw, which is newer than that of the address. */
function placeOf(header: string | string[] | undefined, after: Revision | undefined): Revision | 'unknown' | null {
  if (header === undefined || header === '') return after ?? null;
  const text = String(header);
  return parseRevision(text) === null ? 'unknown' : (text as Revision);
}

function snapshotUrl(query: Static<typeof QUERY>): string {
  const params = new URLSearchParams({ snapshot: 'true' });
  for (const name of Object.keys(CHANGE_FILTERS) as (keyof typeof CHANGE_FILTERS)[]) {
    for (const value of query[name] ?? []) params.append(name, value);
  }
  return `${CHANGES}?${params}`;
}
