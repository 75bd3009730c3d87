import type { AuditTemplate } from '../../../audits/audit-template.ts';
import { type Attribute, lifeTimes, list, object, orNull, text, uuid } from '../attribute.ts';
import type { V1 } from '../context.ts';
import { ADDED } from '../microversion.ts';
import type { Resource } from '../resource.ts';
import { findRecord, STORED_KEYS, timesOf } from '../stored.ts';
import { type Aim, type AimFilters, aimOf } from './aim.ts';

/** What audits of the same sort have in common. */
export function auditTemplates({ catalog, desk: { book } }: V1): Resource<AuditTemplate, AimFilters> {
  const aim = aimOf<AuditTemplate>(catalog, { goalNeeded: true });
  return {
    collection: 'audit_templates',
    kind: 'AuditTemplate',
    rule: 'audit_template',
    attributes: attributes(aim),
    filters: aim.filters,
    marker: 'text',
    markerOf: (it) => it.uuid,
    stored: {
      ...STORED_KEYS,
      ...aim.stored,
      name: (it) => it.name,
      description: (it) => it.description,
      scope: ({ scope }) => JSON.stringify(scope),
      default_parameters: ({ defaultParameters }) => JSON.stringify(defaultParameters),
    },
    computed: aim.computed,
    page: (query, wanted) => book.templates.page({ ...query, where: aim.matching(wanted) }),
    find: (ident, deleted) => findRecord(book.templates, ident, deleted),
    changes$: book.changed$,
  };
}

function attributes(aim: Aim<AuditTemplate>): readonly Attribute<AuditTemplate>[] {
  return [
    { name: 'uuid', schema: uuid('Of the template.'), short: true, of: (it) => it.uuid },
    {
      name: 'name',
      schema: text('Unique among those that are not deleted; at most 255 characters, 63 between two dots.'),
      short: true,
      of: (it) => it.name,
      post: { type: 'text', required: true },
    },
    ...aim.attributes,
    {
      name: 'scope',
      schema: list('What audits may touch; empty for all.'),
      short: true,
      of: (it) => it.scope,
      post: { type: 'json' },
    },
    {
      name: 'description',
      schema: orNull(text('For people.')),
      of: (it) => it.description,
      post: { type: 'text' },
    },
    {
      name: 'default_parameters',
      schema: object('Parameters of the strategy, where an audit gives none.'),
      since: ADDED.defaultParameters,
      of: (it) => it.defaultParameters,
      post: { type: 'object' },
    },
    ...lifeTimes<AuditTemplate>(timesOf),
  ];
}
