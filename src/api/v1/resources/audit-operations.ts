import type { FastifyRequest } from 'fastify';
import type { Audit } from '../../../audits/audit.ts';
import type { AuditChange } from '../../../audits/audit-service.ts';
import { AUDIT_STATES, AUDIT_TRANSITIONS, type AuditState } from '../../../audits/states.ts';
import { invalid } from '../arguments.ts';
import { readBoolean } from '../body.ts';
import type { V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { ADDED } from '../microversion.ts';
import { readName } from '../names.ts';
import { needVersion } from '../negotiation.ts';
import { changeOperation, createOperation, deleteOperation } from '../operations.ts';
import { checkParameterNames, readParameters } from '../parameters.ts';
import { type PatchOperation, type PatchRules, patched, patchFailed } from '../patch.ts';
import { pythonText } from '../python-text.ts';
import { inOurWords } from '../refusals.ts';
import { readOperations } from '../resource.ts';
import { readScope, scopeWords } from '../scope.ts';
import type { Operation } from '../serve.ts';
import { actorOf } from '../stored.ts';
import { plainTimeOrNull, timeOf } from '../times.ts';
import { audits, isAutomatic } from './audits.ts';
import { AUDIT_BODY, NOBODYS_PARAMETERS, newAudit, strategyOf } from './new-audit.ts';

const PATCH_RULES: PatchRules = {
  internal: ['/status_message'],
  refused: ['/audit_template_uuid', '/type'],
  mandatory: ['/state', '/name', '/auto_trigger', '/force'],
  mayBeEmpty: true,
};

/** What can be done with audits. */
export function auditOperations(v1: V1): readonly Operation[] {
  const { audits: service } = v1.desk;
  const resource = audits(v1);
  return [
    ...readOperations(resource, v1),
    createOperation(resource, v1, {
      argument: AUDIT_BODY,
      create: (given, request) => {
        const asked = newAudit(given, v1, request);
        return inOurWords(() => service.create(asked, actorOf(request)));
      },
    }),
    changeOperation(resource, v1, {
      summary: 'change',
      rules: PATCH_RULES,
      change: (audit, patch, request) => {
        const change = changeOf(audit, patch, v1, request);
        const words = {
          ...scopeWords('patch', request.body),
          'state-transition': ({ from = '', to = '' }) => patchFailed(patch, notAllowed(String(from), String(to))),
        };
        return inOurWords(() => service.update(audit.uuid, change, actorOf(request)), words);
      },
    }),
    deleteOperation(resource, v1, 'delete', ({ uuid }, request) =>
      inOurWords(() => service.delete(uuid, actorOf(request))),
    ),
  ];
}

export function notAllowed(from: string, to: string): string {
  return `State transition not allowed: (${from} -> ${to})`;
}

/** Attributes that a patch may name, each with how its new value is read. The others of an audit stay as they are. */
const READERS: {
  readonly [name: string]: (value: unknown, refuse: (problem: string) => Fault) => Partial<AuditChange>;
} = {
  name: (value) => ({ name: readName(value) }),
  interval: (value, refuse) => ({ interval: readInterval(value, refuse) }),
  scope: (value) => ({ scope: readScope(value) }),
  parameters: (value) => ({ parameters: readParameters('parameters', value) }),
  auto_trigger: (value, refuse) => ({ automation: readFlag(value, refuse) ? 'full' : 'manual' }),
  force: (value, refuse) => ({ force: readFlag(value, refuse) }),
  start_time: (value, refuse) => ({ startTime: timeOf(value, refuse) }),
  end_time: (value, refuse) => ({ endTime: timeOf(value, refuse) }),
};

function changeOf(audit: Audit, patch: readonly PatchOperation[], v1: V1, request: FastifyRequest): AuditChange {
  const after = patched(documentOf(audit), patch);
  const touched = new Set(patch.map(({ path }) => path.split('/')[1] ?? ''));
  if (touched.has('start_time') || touched.has('end_time')) needVersion(request, ADDED.auditTimes);
  const refuse = (problem: string): Fault => invalid('patch', pythonText(request.body), problem);
  let change: AuditChange = {};
  for (const name of touched) {
    if (name === 'state') {
      change = { ...change, state: readState(audit, after.state, patch) };
      continue;
    }
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (read === undefined) throw new Fault('not-allowed-attribute', { path: `/${name}` });
    change = { ...change, ...read(after[name], refuse) };
  }
  if (change.parameters !== undefined)
    checkParameterNames(strategyOf(audit.strategy, v1), change.parameters, NOBODYS_PARAMETERS);
  return change;
}

/** An audit as a patch sees it. */
function documentOf(audit: Audit): { readonly [name: string]: unknown } {
  const { name, auditType, state, goal, strategy, interval, scope, parameters, hostname, force } = audit;
  return {
    name,
    audit_type: auditType,
    state,
    goal_id: goal,
    strategy_id: strategy,
    interval,
    scope,
    parameters,
    auto_trigger: isAutomatic(audit),
    next_run_time: plainTimeOrNull(audit.nextRunTime),
    hostname,
    start_time: plainTimeOrNull(audit.startTime),
    end_time: plainTimeOrNull(audit.endTime),
    force,
  };
}

function readState(audit: Audit, value: unknown, patch: readonly PatchOperation[]): AuditState {
  const state = AUDIT_STATES.find((known) => known === value);
  if (state === undefined || (state !== audit.state && !AUDIT_TRANSITIONS[audit.state].includes(state)))
    throw patchFailed(patch, notAllowed(audit.state, typeof value === 'string' ? value : pythonText(value)));
  return state;
}

function readInterval(value: unknown, refuse: (problem: string) => Fault): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return String(value);
  throw refuse('interval: It must be a number of seconds or a cron expression.');
}

function readFlag(value: unknown, refuse: (problem: string) => Fault): boolean {
  const flag = readBoolean(value);
  if (flag === null) throw refuse(`Value not an unambiguous boolean: ${pythonText(value)}`);
  return flag;
}
