import type { Audit } from '../../../audits/audit.ts';
import { type Attribute, flag, lifeTimes, list, object, orNull, text, time, uuid } from '../attribute.ts';
import type { V1 } from '../context.ts';
import { ADDED } from '../microversion.ts';
import type { Resource } from '../resource.ts';
import { findRecord, STORED_KEYS, timesOf } from '../stored.ts';
import { plainTimeOrNull } from '../times.ts';
import { type Aim, type AimFilters, aimOf } from './aim.ts';

/** Looks at the cloud with a goal in mind. */
export function audits({ catalog, desk: { book } }: V1): Resource<Audit, AimFilters> {
  const aim = aimOf<Audit>(catalog, { goalNeeded: false });
  return {
    collection: 'audits',
    kind: 'Audit',
    rule: 'audit',
    attributes: attributes(aim),
    filters: aim.filters,
    marker: 'uuid',
    markerOf: (it) => it.uuid,
    stored: {
      ...STORED_KEYS,
      ...aim.stored,
      name: (it) => it.name,
      audit_type: (it) => it.auditType,
      state: (it) => it.state,
      interval: (it) => it.interval,
      auto_trigger: isAutomatic,
      next_run_time: (it) => it.nextRunTime,
      hostname: (it) => it.hostname,
      start_time: (it) => it.startTime,
      end_time: (it) => it.endTime,
      force: (it) => it.force,
      status_message: (it) => it.statusMessage,
      scope: ({ scope }) => JSON.stringify(scope),
      parameters: ({ parameters }) => JSON.stringify(parameters),
    },
    computed: aim.computed,
    page: (query, wanted) => book.audits.page({ ...query, where: aim.matching(wanted) }),
    find: (ident, deleted) => findRecord(book.audits, ident, deleted),
    changes$: book.changed$,
  };
}

/** Whether plans are started as soon as they are there. */
export function isAutomatic({ automation }: Audit): boolean {
  return automation === 'full';
}

function attributes(aim: Aim<Audit>): readonly Attribute<Audit>[] {
  return [
    { name: 'uuid', schema: uuid('Of the audit.'), short: true, of: (it) => it.uuid },
    {
      name: 'name',
      schema: text('Unique among those that are not deleted; longer ones are cut to 63 characters.'),
      short: true,
      of: (it) => it.name,
      post: { type: 'text' },
    },
    {
      name: 'audit_type',
      schema: text('ONESHOT, CONTINUOUS or EVENT.'),
      short: true,
      of: (it) => it.auditType,
      post: { type: 'text', required: true },
    },
    {
      name: 'state',
      schema: text('PENDING, ONGOING, SUCCEEDED, FAILED, CANCELLED, SUSPENDED or DELETED.'),
      short: true,
      of: (it) => it.state,
      post: { type: 'text', readOnly: true },
    },
    { name: 'audit_template_uuid', schema: uuid('A template, instead of a goal.'), post: { type: 'uuid' } },
    ...aim.attributes,
    {
      name: 'interval',
      schema: orNull(text('Seconds between runs, or a cron expression.')),
      short: true,
      of: (it) => it.interval,
      post: { type: 'interval' },
    },
    {
      name: 'scope',
      schema: list('What it may touch; empty for all.'),
      short: true,
      of: (it) => it.scope,
      post: { type: 'json', readOnly: true },
    },
    {
      name: 'auto_trigger',
      schema: flag('Whether plans are started as soon as they are there.'),
      short: true,
      of: isAutomatic,
      post: { type: 'boolean' },
    },
    {
      name: 'next_run_time',
      schema: time('In UTC.'),
      short: true,
      of: (it) => plainTimeOrNull(it.nextRunTime),
    },
    {
      name: 'parameters',
      schema: object('Of the strategy, with its defaults filled in.'),
      of: (it) => it.parameters,
      post: { type: 'object' },
    },
    {
      name: 'hostname',
      schema: orNull(text('The engine that took it.')),
      of: (it) => it.hostname,
      post: { type: 'text', readOnly: true },
    },
    {
      name: 'start_time',
      schema: time('Not before, in UTC.'),
      since: ADDED.auditTimes,
      of: (it) => plainTimeOrNull(it.startTime),
      post: { type: 'time' },
    },
    {
      name: 'end_time',
      schema: time('Not after, in UTC.'),
      since: ADDED.auditTimes,
      of: (it) => plainTimeOrNull(it.endTime),
      post: { type: 'time' },
    },
    {
      // Shown, as false, also where it is hidden: clients are used to it.
      name: 'force',
      schema: flag('Whether it runs although a plan is being carried out.'),
      short: true,
      of: ({ force }, { minor, short }) => force && !short && minor >= ADDED.force,
      post: { type: 'boolean' },
    },
    {
      name: 'status_message',
      schema: orNull(text('Why it is in its state.')),
      since: ADDED.statusMessage,
      of: (it) => it.statusMessage,
    },
    ...lifeTimes<Audit>(timesOf),
  ];
}
