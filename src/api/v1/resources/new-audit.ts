import type { FastifyRequest } from 'fastify';
import { AUDIT_TYPES, type AuditType, type Parameters } from '../../../audits/audit.ts';
import type { NewAudit } from '../../../audits/audit-service.ts';
import { invalid } from '../arguments.ts';
import { type Given, readBoolean } from '../body.ts';
import type { CatalogGoal, CatalogStrategy } from '../catalog.ts';
import type { V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { ADDED } from '../microversion.ts';
import { needVersion } from '../negotiation.ts';
import { checkParameterNames, readParameters } from '../parameters.ts';
import { pythonText } from '../python-text.ts';
import { timeOf } from '../times.ts';

/** What this API's texts call the body of a new audit. */
export const AUDIT_BODY = 'audit_p';

export const NOBODYS_PARAMETERS =
  'Specify parameters but no predefined strategy for audit, or no parameter spec in predefined strategy';

/** What the service is asked for by a POST, with everything refused that this API has words of its own for. */
export function newAudit(given: Given, v1: V1, request: FastifyRequest): NewAudit {
  const refuse = (problem: string): Fault => invalid(AUDIT_BODY, pythonText(given), problem);
  const startTime = timeOf(given.start_time, refuse);
  const endTime = timeOf(given.end_time, refuse);
  const interval = given.interval === undefined || given.interval === '' ? null : String(given.interval);
  const auditType = readType(given.audit_type);
  checkSource(given);
  checkSchedule(auditType, interval, startTime, endTime);
  if (startTime !== null || endTime !== null) needVersion(request, ADDED.auditTimes);
  const template = templateOf(given, v1);
  const goal = template === null ? goalOf(given.goal, v1) : null;
  const strategy = strategyOf(given.strategy ?? template?.strategy ?? null, v1);
  const parameters = readParameters('parameters', given.parameters);
  const merged: Parameters = { ...template?.defaultParameters, ...parameters };
  checkParameterNames(strategy, merged, NOBODYS_PARAMETERS);
  refuseUndecidable(strategy, goal?.name ?? template?.goal ?? '', v1);
  return {
    auditType,
    name: typeof given.name === 'string' && given.name !== '' ? given.name : null,
    goal: goal?.name ?? null,
    template: template?.uuid ?? null,
    strategy: strategy?.name ?? null,
    parameters,
    interval,
    startTime,
    endTime,
    automation: readBoolean(given.auto_trigger) === true ? 'full' : 'manual',
    force: readBoolean(given.force) === true,
  };
}

function readType(given: unknown): AuditType {
  const type = AUDIT_TYPES.find((known) => known === given);
  if (type === undefined) throw new Fault('refused', { problem: `Audit type ${String(given)} could not be found` });
  return type;
}

function checkSource({ goal, audit_template_uuid: template }: Given): void {
  if (!goal && !template) throw new Fault('refused', { problem: 'A valid goal or audit_template_id must be provided' });
  if (goal && template)
    throw new Fault('refused', { problem: 'Either audit_template_uuid or goal should be provided.' });
}

function checkSchedule(type: AuditType, interval: string | null, start: number | null, end: number | null): void {
  const refuse = (problem: string): never => {
    throw new Fault('refused', { problem });
  };
  if (type === 'ONESHOT' && interval !== null) refuse(`Interval of audit must not be set for ${type}.`);
  if (type === 'CONTINUOUS' && interval === null) refuse(`Interval of audit must be specified for ${type}.`);
  if (type === 'ONESHOT' && (start !== null || end !== null))
    refuse(`Start or End time of audit must not be set for ${type}.`);
}

function templateOf({ audit_template_uuid: uuid }: Given, { desk: { book } }: V1) {
  if (typeof uuid !== 'string') return null;
  const template = book.templates.get(uuid.toLowerCase());
  if (template !== undefined && template.deletedAt === null) return template;
  throw new Fault('refused', { problem: 'The audit template UUID or name specified is invalid' });
}

function goalOf(ident: unknown, { catalog }: V1): CatalogGoal {
  const goal = catalog.goal(String(ident));
  if (goal === undefined) throw new Fault('not-found', { kind: 'Goal', id: String(ident) });
  return goal;
}

export function strategyOf(ident: unknown, { catalog }: V1): CatalogStrategy | undefined {
  if (ident === null || ident === undefined || ident === '') return undefined;
  const strategy = catalog.strategy(String(ident));
  if (strategy === undefined) throw new Fault('not-found', { kind: 'Strategy', id: String(ident) });
  return strategy;
}

/** Some strategies are listed before they can decide; an audit that could only fail is refused. */
function refuseUndecidable(strategy: CatalogStrategy | undefined, goal: string, { catalog }: V1): void {
  const choices = strategy === undefined ? catalog.strategies.filter((it) => it.goal.name === goal) : [strategy];
  if (choices.some((choice) => choice.strategy.plan !== null)) return;
  const what = strategy === undefined ? `No strategy of the goal ${goal}` : `The strategy ${strategy.name}`;
  const can = catalog.strategies.filter((it) => it.strategy.plan !== null).map(({ name }) => name);
  const verb = strategy === undefined ? 'can decide yet' : 'is listed, and cannot decide yet';
  throw new Fault('refused', { problem: `${what} ${verb}: use one of ${can.join(', ')}` });
}
