import { type Static, Type } from 'typebox';
import { ROLES } from '../../roles.ts';
import { AUTOMATION_CONFIG, ENGINE, LIMITS } from './engine.ts';
import { EVENTS } from './events.ts';
import { IDENTITY, POLICY_SETTINGS } from './identity.ts';
import { METRICS } from './metrics.ts';
import { OPENSTACK } from './openstack.ts';
import { group, name, oneOf, text, texts, whole } from './setting.ts';
import { SLA } from './sla.ts';
import { SOURCE } from './sources.ts';
import { STORE } from './store.ts';

const SECONDS_OF_30_DAYS = 2_592_000;
const SECONDS_OF_A_YEAR = 31_536_000;

/** Everything that can be set, with what it means. The one place from which checks, sample and documentation are made. */
export const CONFIG = group(
  {
    cloud: name({ default: 'cloud', description: 'Name of the cloud (region); part of the names of keys and queues.' }),
    roles: Type.Array(oneOf(ROLES, { description: 'A role.' }), {
      minItems: 1,
      maxItems: ROLES.length,
      uniqueItems: true,
      default: [...ROLES],
      description:
        'What this process does: ingest takes in notifications and compares with the APIs, api answers, engine acts. ' +
        'Processes that share the work share one Redis.',
    }),
    listen: group(
      {
        host: text({
          default: '127.0.0.1',
          description: 'Address to listen on; beyond this machine an identity is needed.',
        }),
        port: whole(0, 65_535, { default: 9_322, description: 'Port; 0 takes a free one.' }),
      },
      { default: {}, description: 'Where the API and the page are.' },
    ),
    identity: IDENTITY,
    policy: POLICY_SETTINGS,
    store: STORE,
    sources: Type.Array(SOURCE, {
      maxItems: 50,
      default: [{ kind: 'simulator' }],
      description: 'Where notifications come from; none where openstack alone is read.',
    }),
    openstack: Type.Optional(OPENSTACK),
    metrics: METRICS,
    sla: SLA,
    events: EVENTS,
    engine: ENGINE,
    automation: AUTOMATION_CONFIG,
    limits: LIMITS,
    reconcile: group(
      {
        interval: whole(1, SECONDS_OF_30_DAYS, {
          default: 3_600,
          description: 'Seconds between two full readings of the cloud’s APIs.',
        }),
        increment: whole(1, SECONDS_OF_30_DAYS, {
          default: 60,
          description: 'Seconds between two readings of what changed.',
        }),
      },
      { default: {}, description: 'How often the model is compared with the APIs.' },
    ),
    tombstones: group(
      {
        retention: whole(3_600, SECONDS_OF_A_YEAR, {
          default: 1_209_600,
          description: 'Seconds for which deleted instances are remembered; longer than any queue holds a message.',
        }),
      },
      { default: {}, description: 'What is remembered of what is gone.' },
    ),
    api: group(
      {
        requests_per_second: whole(1, 1_000_000, {
          default: 500,
          description: 'Requests from one address in a second.',
        }),
        max_body: whole(1_024, 104_857_600, { default: 1_048_576, description: 'Bytes of a request’s body.' }),
        max_page: whole(1, 100_000, {
          default: 1_000,
          description: 'Most items on a page of API v1, and how many there are when no limit is asked for.',
        }),
        own_goals: Type.Boolean({
          default: true,
          description: 'Whether API v1 lists Vigil’s own goals and strategies after Watcher’s.',
        }),
        trust_proxy: Type.Boolean({
          default: false,
          description:
            'Whether X-Forwarded-Proto, -Host and -For are believed; only with a proxy in front that sets them.',
        }),
        cors_origins: Type.Optional(
          texts({
            description: 'Web pages elsewhere that may ask from browsers, by their origins.',
            example: ['https://dashboard.example.org'],
          }),
        ),
        max_subscribers: whole(0, 100_000, { default: 200, description: 'Subscribers of changes at once.' }),
        changes_kept: whole(1_000, 10_000_000, {
          default: 50_000,
          description: 'Changes kept in memory for subscribers that are slow or come back.',
        }),
        heartbeat: whole(1, 3_600, { default: 15, description: 'Seconds between signs of life to subscribers.' }),
        busy_limit: whole(0, 3_600, {
          default: 5,
          description:
            'Seconds for which the process may be too busy to answer before it refuses with 503; 0: it never does.',
        }),
      },
      { default: {}, description: 'Limits of the API.' },
    ),
    log: group(
      {
        level: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
          default: 'info',
          description: 'What is worth a line.',
        }),
        format: oneOf(['auto', 'pretty', 'json'], {
          default: 'auto',
          description: 'auto: pretty in a terminal, JSON lines elsewhere.',
        }),
      },
      { default: {}, description: 'The log, on stdout.' },
    ),
  },
  { description: 'Vigil’s configuration.' },
);

export type Config = Static<typeof CONFIG>;
