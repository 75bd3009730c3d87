import type { Action } from '../../../src/audits/action.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import type { Audit } from '../../../src/audits/audit.ts';
import { ENGINE } from '../../../src/audits/record.ts';
import type { IncidentRecord } from '../../../src/sla/incident-record.ts';

const AT = Date.parse('2026-11-25T21:00:00Z');

export const INCIDENT: IncidentRecord = {
  ...{
    id: 'i1',
    rule: 'steal',
    metric: 'cpu_steal',
    resource: 'uuid-1',
    project: 'project-2',
    severity: 'warning',
    value: 12,
    threshold: 10,
  },
  ...{ openedAt: AT / 1_000, endedAt: null, endReason: null, audit: null, askedAt: null, timesAsked: 0 },
};

const stored = { id: 1, createdAt: AT, updatedAt: null, deletedAt: null };

export const AUDIT: Audit = {
  ...stored,
  ...{
    uuid: 'audit-1',
    name: 'a',
    auditType: 'ONESHOT',
    state: 'ONGOING',
    statusMessage: null,
    goal: 'g',
    strategy: 's',
  },
  ...{ parameters: {}, scope: [], interval: null, startTime: null, endTime: null, nextRunTime: null },
  ...{ lastRunTime: null, calledAt: null, automation: 'manual', force: false, hostname: null, createdBy: ENGINE },
  trigger: null,
  history: [
    { from: null, to: 'PENDING', at: AT + 1_000, reason: 'asked for', by: ENGINE },
    { from: 'PENDING', to: 'ONGOING', at: AT + 2_000, reason: 'its turn', by: ENGINE },
  ],
};

export const PLAN: ActionPlan = {
  ...stored,
  ...{ uuid: 'plan-1', auditUuid: 'audit-1', goal: 'g', strategy: 's', state: 'RECOMMENDED', statusMessage: null },
  ...{ note: null, efficacyIndicators: [], globalEfficacy: [], rejected: [], rejectedCount: 0, modelRevision: '1-1' },
  ...{ automation: 'manual', trigger: null, startedBy: null, hostname: null },
  history: [{ from: null, to: 'RECOMMENDED', at: AT + 3_000, reason: 'made', by: ENGINE }],
};

export const ACTION: Action = {
  ...stored,
  ...{ uuid: 'action-1', planUuid: 'plan-1', auditUuid: 'audit-1', actionType: 'migrate', state: 'ONGOING' },
  ...{ inputParameters: {}, statusMessage: null, parents: [], weight: 1, reason: 'it is crowded', intent: null },
  history: [
    { from: null, to: 'PENDING', at: AT + 3_000, reason: 'made', by: ENGINE },
    { from: 'PENDING', to: 'ONGOING', at: AT + 4_000, reason: 'its turn', by: ENGINE },
  ],
};
