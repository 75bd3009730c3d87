import type { Engine } from '../../../audits/engine-register.ts';
import { type Attribute, count, lifeTimes, text, time } from '../attribute.ts';
import type { V1 } from '../context.ts';
import { pageOf } from '../list.ts';
import type { Resource } from '../resource.ts';
import { isoSeconds, plainTimeOrNull } from '../times.ts';

/** An engine that has said nothing for so long has failed. */
const SILENT_MILLIS = 90_000;

/** What acts, by the names that clients know. */
export function services({ desk: { engines }, now }: V1): Resource<Engine> {
  return {
    collection: 'services',
    kind: 'Service',
    absent: 'service-not-found',
    rule: 'service',
    attributes: attributes(now),
    filters: {},
    marker: 'integer',
    markerOf: ({ id }) => id,
    stored: {
      id: ({ id }) => id,
      name: (it) => it.name,
      host: (it) => it.host,
      last_seen_up: (it) => it.lastSeen,
      created_at: (it) => it.createdAt,
      updated_at: (it) => it.lastSeen,
      deleted_at: () => null,
    },
    computed: {},
    page: (query) => pageOf(engines.engines, query),
    find: (ident) => engines.engines.find(({ id, name }) => String(id) === ident || name === ident),
  };
}

function attributes(now: () => number): readonly Attribute<Engine>[] {
  return [
    { name: 'id', schema: count('Its number.'), short: true, of: (it) => it.id },
    { name: 'name', schema: text('What it does.'), short: true, of: (it) => it.name },
    { name: 'host', schema: text('Where it runs.'), short: true, of: (it) => it.host },
    {
      name: 'status',
      schema: text('ACTIVE, or FAILED when nothing was heard of it for 90 seconds.'),
      short: true,
      of: ({ lastSeen }) => (now() - lastSeen <= SILENT_MILLIS ? 'ACTIVE' : 'FAILED'),
    },
    { name: 'last_seen_up', schema: time('In UTC.'), of: ({ lastSeen }) => plainTimeOrNull(lastSeen) },
    ...lifeTimes<Engine>(({ createdAt, lastSeen }) => ({
      created_at: isoSeconds(createdAt),
      updated_at: isoSeconds(lastSeen),
      deleted_at: null,
    })),
  ];
}
