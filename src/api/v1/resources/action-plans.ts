import type { ActionPlan } from '../../../audits/action-plan.ts';
import { type Attribute, lifeTimes, list, orNull, text, time, uuid } from '../attribute.ts';
import type { CatalogStrategy } from '../catalog.ts';
import type { V1 } from '../context.ts';
import { pageOf } from '../list.ts';
import { ADDED } from '../microversion.ts';
import type { Resource } from '../resource.ts';
import { findRecord, STORED_KEYS, timesOf } from '../stored.ts';
import { NONE } from './aim.ts';
import { isNamed } from './strategies.ts';

type Filters = { audit_uuid: 'uuid'; strategy: 'text' };

/** What audits came to. */
export function actionPlans({ catalog, desk: { book } }: V1): Resource<ActionPlan, Filters> {
  const strategyOf = ({ strategy }: ActionPlan): CatalogStrategy | undefined => catalog.strategy(strategy);
  /** Null once the audit is deleted. */
  const auditOf = ({ auditUuid }: ActionPlan): string | null => {
    const audit = auditUuid === null ? undefined : book.audits.get(auditUuid);
    return audit === undefined || audit.deletedAt !== null ? null : audit.uuid;
  };
  return {
    collection: 'action_plans',
    kind: 'ActionPlan',
    rule: 'action_plan',
    attributes: attributes(auditOf, strategyOf),
    filters: { audit_uuid: 'uuid', strategy: 'text' },
    marker: 'uuid',
    uuidArgument: 'action_plan_uuid',
    markerOf: (it) => it.uuid,
    stored: {
      ...STORED_KEYS,
      state: (it) => it.state,
      hostname: (it) => it.hostname,
      status_message: (it) => it.statusMessage,
      global_efficacy: ({ globalEfficacy }) => JSON.stringify(globalEfficacy),
      audit_id: ({ auditUuid }) => (auditUuid === null ? null : (book.audits.get(auditUuid)?.id ?? null)),
      strategy_id: (it) => strategyOf(it)?.id ?? null,
    },
    computed: {
      audit_uuid: auditOf,
      strategy_uuid: (it) => strategyOf(it)?.uuid ?? null,
      strategy_name: (it) => it.strategy,
    },
    page: (query, { audit_uuid: audit, strategy }) => {
      const where = (it: ActionPlan): boolean =>
        strategy === null || isNamed(strategyOf(it) ?? { ...NONE, name: it.strategy }, strategy);
      if (audit === null) return book.plans.page({ ...query, where });
      return pageOf(book.plans.ofAudit(audit, query), { ...query, where });
    },
    find: (ident, deleted) => findRecord(book.plans, ident, deleted),
    changes$: book.changed$,
  };
}

function attributes(
  auditOf: (plan: ActionPlan) => string | null,
  strategyOf: (plan: ActionPlan) => CatalogStrategy | undefined,
): readonly Attribute<ActionPlan>[] {
  return [
    { name: 'uuid', schema: uuid('Of the plan.'), short: true, of: (it) => it.uuid },
    { name: 'audit_uuid', schema: orNull(uuid('Of its audit; null once that is deleted.')), short: true, of: auditOf },
    {
      name: 'strategy_uuid',
      schema: orNull(uuid('Of the strategy that made it.')),
      short: true,
      of: (it) => strategyOf(it)?.uuid ?? null,
    },
    { name: 'strategy_name', schema: text('Of the strategy that made it.'), short: true, of: (it) => it.strategy },
    {
      name: 'state',
      schema: text('RECOMMENDED, PENDING, ONGOING, SUCCEEDED, FAILED, CANCELLING, CANCELLED, SUPERSEDED or DELETED.'),
      short: true,
      of: (it) => it.state,
    },
    {
      name: 'efficacy_indicators',
      schema: list('Numbers by which it is judged: name, description, unit, value.'),
      short: true,
      of: (it) => it.efficacyIndicators,
    },
    {
      name: 'global_efficacy',
      schema: list('How much of the goal is reached: name, description, unit, value.'),
      short: true,
      of: (it) => it.globalEfficacy,
    },
    { name: 'hostname', schema: orNull(text('The applier that carries it out.')), of: (it) => it.hostname },
    {
      name: 'status_message',
      schema: orNull(text('Why it is in its state.')),
      since: ADDED.statusMessage,
      of: (it) => it.statusMessage,
    },
    ...lifeTimes<ActionPlan>(timesOf).map((attribute) =>
      attribute.name === 'updated_at'
        ? { ...attribute, schema: time('When it was last changed.'), short: true as const }
        : attribute,
    ),
  ];
}
