import type { EndReason } from '../../streams/sla/incidents.ts';
import type { Severity } from '../../streams/sla/rule.ts';

/** The kind under which incidents lie in the ledger, open ones and the latest of those that ended. */
export const SLA_INCIDENT = 'sla_incident';

/** A breach of one series, from when it was seen until the metric came back. Times in seconds since 1970. */
export type IncidentRecord = {
  /** Sorts by when it was opened. */
  readonly id: string;
  readonly rule: string;
  readonly metric: string;
  readonly resource: string;
  /** Whose instance it was when it was opened; null for a host's. */
  readonly project: string | null;
  readonly severity: Severity;
  readonly openedAt: number;
  /** The statistic at the breach, and the threshold it passed. */
  readonly value: number | null;
  readonly threshold: number;
  readonly endedAt: number | null;
  readonly endReason: EndReason | null;
  /** The audit that was asked for last, by its uuid; null until one is. */
  readonly audit: string | null;
  /** When that was, and how often one was asked for. */
  readonly askedAt: number | null;
  readonly timesAsked: number;
};

/** For one incident so many audits are asked for at most: the first, and others where one failed. */
export const MOST_ASKED = 3;

/** The kind under which the ledger keeps when a rule last asked for an audit, by its name. */
export const SLA_FIRING = 'sla_firing';

export type Firing = {
  /** Seconds since 1970. */
  readonly at: number;
  /** The uuid of the audit. */
  readonly audit: string;
};

/** The kind under which the ledger keeps the hours of a rule's objective, by its name. */
export const SLA_OBJECTIVE = 'sla_objective';

/** Hour (since 1970), good and bad seconds, the oldest first. */
export type ObjectiveHours = { readonly hours: readonly (readonly [hour: number, good: number, bad: number])[] };
