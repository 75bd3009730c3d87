import { ACTIONS } from '../../../../strategies/catalogue/actions.ts';
import type { Action } from '../../../audits/action.ts';
import { type Attribute, lifeTimes, list, object, orNull, text, uuid } from '../attribute.ts';
import type { V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { pageOf } from '../list.ts';
import { ADDED } from '../microversion.ts';
import type { Resource } from '../resource.ts';
import { findRecord, STORED_KEYS, timesOf } from '../stored.ts';

type Filters = { action_plan_uuid: 'uuid'; audit_uuid: 'uuid' };

/** The steps of plans. */
export function actions({ desk: { book } }: V1): Resource<Action, Filters> {
  return {
    collection: 'actions',
    kind: 'Action',
    rule: 'action',
    attributes: ATTRIBUTES,
    filters: { action_plan_uuid: 'uuid', audit_uuid: 'uuid' },
    marker: 'uuid',
    uuidArgument: 'action_uuid',
    markerOf: (it) => it.uuid,
    stored: {
      ...STORED_KEYS,
      action_type: (it) => it.actionType,
      state: (it) => it.state,
      status_message: (it) => it.statusMessage,
      input_parameters: ({ inputParameters }) => JSON.stringify(inputParameters),
      parents: ({ parents }) => JSON.stringify(parents),
      action_plan_id: ({ planUuid }) => book.plans.get(planUuid)?.id ?? null,
    },
    computed: { action_plan_uuid: (it) => it.planUuid },
    page: (query, { action_plan_uuid: plan, audit_uuid: audit }) => {
      if (plan !== null && audit !== null)
        throw new Fault('refused', { problem: 'Filtering actions on both audit and action-plan is prohibited' });
      if (plan === null && audit === null) return book.actions.page(query);
      const its = plan === null ? book.actions.ofAudit(audit ?? '', query) : book.actions.ofPlan(plan, query);
      return pageOf(its, query);
    },
    find: (ident, deleted) => findRecord(book.actions, ident, deleted),
    changes$: book.changed$,
  };
}

const ATTRIBUTES: readonly Attribute<Action>[] = [
  { name: 'uuid', schema: uuid('Of the action.'), short: true, of: (it) => it.uuid },
  { name: 'action_plan_uuid', schema: uuid('Of its plan.'), short: true, of: (it) => it.planUuid },
  { name: 'action_type', schema: text(Object.keys(ACTIONS).join(', ')), short: true, of: (it) => it.actionType },
  {
    name: 'state',
    schema: text('PENDING, ONGOING, SUCCEEDED, FAILED, CANCELLING, CANCELLED, SKIPPED or DELETED.'),
    short: true,
    of: (it) => it.state,
  },
  {
    name: 'parents',
    schema: list('Uuids of the actions that must have ended before.'),
    short: true,
    of: (it) => it.parents,
  },
  { name: 'input_parameters', schema: object('What it is done with.'), of: (it) => it.inputParameters },
  {
    name: 'description',
    schema: text('Of the type of action.'),
    of: ({ actionType }) => ACTIONS[actionType].description,
  },
  {
    name: 'status_message',
    schema: orNull(text('Why it is in its state.')),
    since: ADDED.statusMessage,
    of: (it) => it.statusMessage,
  },
  ...lifeTimes<Action>(timesOf),
];
