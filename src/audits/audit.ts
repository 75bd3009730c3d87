import type { Value } from '../../model/fact.ts';
import type { AutomationLevel, Severity } from '../../streams/sla/rule.ts';
import type { Actor, Stored, Transition } from './record.ts';
import type { AuditState } from './states.ts';

export const AUDIT_TYPES = ['ONESHOT', 'CONTINUOUS', 'EVENT'] as const;
export type AuditType = (typeof AUDIT_TYPES)[number];

/** Values by name, as a strategy or an action is given them. */
export type Parameters = { readonly [name: string]: Value };

/** Watcher's scope: see scope/rules.ts. Empty for all of the cloud. */
export type ScopeSpec = readonly Value[];

/** The breach of a rule that an audit is about. */
export type BreachTrigger = {
  readonly rule: string;
  readonly metric: string;
  /** Hosts and instances whose series are breached. */
  readonly resources: readonly string[];
  /** Over how many seconds the rule measures. */
  readonly window?: number;
  readonly severity: Severity;
};

/** A look at the cloud with a goal in mind, once, again and again, or when it is called for; each run makes a plan. */
export type Audit = Stored & {
  readonly name: string;
  readonly auditType: AuditType;
  readonly state: AuditState;
  readonly statusMessage: string | null;
  /** Names of {@link GOALS} and {@link STRATEGIES}; without a strategy the goal's first one that can plan is taken. */
  readonly goal: string;
  readonly strategy: string | null;
  /** With the strategy's defaults filled in. `force_refresh` may be among them whatever the strategy. */
  readonly parameters: Parameters;
  readonly scope: ScopeSpec;
  /** Seconds between runs, or a cron expression, as given; null unless CONTINUOUS or EVENT. */
  readonly interval: string | null;
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly nextRunTime: number | null;
  readonly lastRunTime: number | null;
  /** When an EVENT audit was last called for. */
  readonly calledAt: number | null;
  readonly automation: AutomationLevel;
  /** Run though a plan is being carried out. */
  readonly force: boolean;
  /** The engine that took it. */
  readonly hostname: string | null;
  readonly createdBy: Actor;
  readonly trigger: BreachTrigger | null;
  readonly history: readonly Transition<AuditState>[];
};
