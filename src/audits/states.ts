/** The states of audits, action plans and actions, as Watcher names them, and what may follow what. */
export const AUDIT_STATES = ['PENDING', 'ONGOING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'SUSPENDED', 'DELETED'] as const;
export type AuditState = (typeof AUDIT_STATES)[number];

export const PLAN_STATES = [
  'RECOMMENDED',
  'PENDING',
  'ONGOING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
  'SUPERSEDED',
  'DELETED',
] as const;
export type PlanState = (typeof PLAN_STATES)[number];

export const ACTION_STATES = [
  'PENDING',
  'ONGOING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
  'SKIPPED',
  'DELETED',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

type Table<State extends string> = { readonly [From in State]: readonly State[] };

/** What a client may ask of an audit; the engine goes the same ways, and also back to ONGOING with an EVENT audit. */
export const AUDIT_TRANSITIONS: Table<AuditState> = {
  PENDING: ['ONGOING', 'CANCELLED'],
  ONGOING: ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SUSPENDED'],
  SUSPENDED: ['ONGOING', 'DELETED'],
  SUCCEEDED: ['DELETED'],
  FAILED: ['DELETED'],
  CANCELLED: ['DELETED'],
  DELETED: [],
};

/** What a client may ask of an action plan. */
export const PLAN_REQUESTS: Table<PlanState> = {
  RECOMMENDED: ['PENDING', 'CANCELLED'],
  PENDING: ['CANCELLED'],
  ONGOING: ['CANCELLING'],
  SUCCEEDED: [],
  FAILED: [],
  CANCELLING: [],
  CANCELLED: [],
  SUPERSEDED: [],
  DELETED: [],
};

/** Where an action plan may go by itself. */
export const PLAN_TRANSITIONS: Table<PlanState> = {
  RECOMMENDED: ['PENDING', 'CANCELLED', 'SUPERSEDED', 'DELETED'],
  PENDING: ['ONGOING', 'CANCELLED', 'SUPERSEDED'],
  ONGOING: ['SUCCEEDED', 'FAILED', 'CANCELLING'],
  CANCELLING: ['CANCELLED', 'SUCCEEDED', 'FAILED'],
  SUCCEEDED: ['DELETED'],
  FAILED: ['DELETED'],
  CANCELLED: ['DELETED'],
  SUPERSEDED: ['DELETED'],
  DELETED: [],
};

export const ACTION_TRANSITIONS: Table<ActionState> = {
  PENDING: ['ONGOING', 'SKIPPED', 'FAILED', 'CANCELLED', 'DELETED'],
  ONGOING: ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLING', 'CANCELLED'],
  CANCELLING: ['CANCELLED', 'SUCCEEDED', 'FAILED'],
  SUCCEEDED: ['DELETED'],
  FAILED: ['DELETED'],
  CANCELLED: ['DELETED'],
  SKIPPED: ['DELETED'],
  DELETED: [],
};

/** States of plans in which something is still done to the cloud. */
export const RUNNING_PLANS: readonly PlanState[] = ['ONGOING', 'CANCELLING'];
/** States of plans that will not change any more but by deletion. */
export const ENDED_PLANS: readonly PlanState[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SUPERSEDED', 'DELETED'];
/** States of actions that will not change any more but by deletion. */
export const ENDED_ACTIONS: readonly ActionState[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED', 'DELETED'];
