import type { LedgerRecord } from '../../model/ledger.ts';
import type { Action } from '../audits/action.ts';
import type { ActionPlan } from '../audits/action-plan.ts';
import type { Audit } from '../audits/audit.ts';
import type { Transition } from '../audits/record.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../sla/incident-record.ts';
import { type CloudEvent, eventId } from './cloud-event.ts';
import type { EventType } from './event-types.ts';

/** The kinds of records that events are made of. */
export const EVENTFUL_KINDS = [SLA_INCIDENT, 'audit', 'action_plan', 'action'] as const;

const MILLIS_PER_SECOND = 1_000;

type Happening = Pick<CloudEvent, 'type' | 'subject' | 'data'> & { readonly at: number };

/**
 * Everything that has happened to a record, by what it keeps of its past: a record is never told differently by another
 * process or after a restart, so that what is not noted yet is found again. Removed records tell nothing.
 */
export function eventsOf({ kind, id, value }: LedgerRecord, cloud: string): CloudEvent[] {
  if (value === null) return [];
  return happeningsOf(kind, value).map(({ at, type, subject, data }) => ({
    specversion: '1.0',
    id: eventId(at, `${kind}/${id}/${type}/${JSON.stringify(data.to ?? null)}`),
    source: `/vigil/${cloud}`,
    type,
    subject,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data,
  }));
}

/** Whoever wrote a record vouches for its type. */
function happeningsOf(kind: string, value: unknown): Happening[] {
  switch (kind) {
    case SLA_INCIDENT:
      return ofIncident(value as IncidentRecord);
    case 'audit':
      return ofAudit(value as Audit);
    case 'action_plan':
      return ofPlan(value as ActionPlan);
    case 'action':
      return ofAction(value as Action);
    default:
      return [];
  }
}

function ofIncident(incident: IncidentRecord): Happening[] {
  const { id, rule, metric, resource, project, severity, value, threshold, openedAt, endedAt, endReason } = incident;
  const about = { incident: id, rule, metric, resource, project, severity, value, threshold };
  const opened: Happening = {
    ...{ type: 'vigil.breach.opened', subject: resource, at: openedAt * MILLIS_PER_SECOND, data: about },
  };
  if (endedAt === null) return [opened];
  const data = { ...about, reason: endReason, lasted_seconds: endedAt - openedAt };
  return [opened, { type: 'vigil.breach.ended', subject: resource, at: endedAt * MILLIS_PER_SECOND, data }];
}

function ofAudit({ uuid, name, goal, strategy, auditType, trigger, history }: Audit): Happening[] {
  const about = { audit: uuid, name, goal, strategy, audit_type: auditType, trigger };
  return history.map((step) => told(step, `audit/${uuid}`, about, 'vigil.audit.created', 'vigil.audit.changed'));
}

function ofPlan({ uuid, auditUuid, goal, strategy, trigger, statusMessage, history }: ActionPlan): Happening[] {
  const about = { plan: uuid, audit: auditUuid, goal, strategy, trigger };
  const happenings = history.map((step) =>
    told(step, `plan/${uuid}`, about, 'vigil.plan.created', 'vigil.plan.changed'),
  );
  const last = happenings.at(-1);
  if (last === undefined || statusMessage === null) return happenings;
  return [...happenings.slice(0, -1), { ...last, data: { ...last.data, status_message: statusMessage } }];
}

/** That a plan has actions is told with the plan. */
function ofAction({ uuid, planUuid, actionType, inputParameters, history }: Action): Happening[] {
  const about = { action: uuid, plan: planUuid, action_type: actionType, input_parameters: inputParameters };
  const changes = history.filter(({ from }) => from !== null);
  return changes.map((step) => told(step, `action/${uuid}`, about, 'vigil.action.changed', 'vigil.action.changed'));
}

function told(
  { from, to, at, reason, by }: Transition<string>,
  subject: string,
  about: Happening['data'],
  created: EventType,
  changed: EventType,
): Happening {
  return { type: from === null ? created : changed, subject, at, data: { ...about, from, to, reason, by } };
}
