import type { ResourceKind } from '../../model/metrics/sample.ts';
import type { Statistic } from './statistic.ts';

/** When a metric is a breach, of whom, and what is then to be done. Durations in seconds. */
export interface Rule {
  readonly name: string;
  readonly metric: string;
  readonly of: ResourceKind;
  readonly where: Where;
  /** The statistic at t is taken over the samples in (t - window, t]. */
  readonly window: number;
  readonly statistic: Statistic;
  readonly bad: 'above' | 'below';
  readonly threshold: number;
  /** A breach ends at the first step at which the statistic is this or on the good side of it. */
  readonly clear: number;
  /** How long the threshold must be passed without a break. */
  readonly hold: number;
  /** A breach that comes back within it is the same incident, and no audit is asked for again before it is over. */
  readonly cooldown: number;
  readonly severity: Severity;
  /** What to ask for at a breach; null to only watch. */
  readonly audit: RuleAudit | null;
  readonly objective: Objective | null;
}

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whom a rule is about: all that is given must hold, of several values one. Empty: everything that is measured. */
export interface Where {
  /** Names or uuids of aggregates of the host. */
  readonly aggregate?: readonly string[];
  readonly availability_zone?: readonly string[];
  readonly host?: readonly string[];
  readonly project?: readonly string[];
  /** Names of flavors. */
  readonly flavor?: readonly string[];
  /** Of the instance; each key must have its value. */
  readonly metadata?: { readonly [key: string]: string };
  /** Names or uuids of server groups. */
  readonly server_group?: readonly string[];
}

/**
 * How far an audit goes by itself: `manual` proposes a plan and waits for somebody to start it, `full` starts it (Watcher's
 * `auto_trigger`), `partial` starts it unless it is large or of a grave matter, which somebody should look at first.
 */
export const AUTOMATION_LEVELS = ['manual', 'partial', 'full'] as const;
export type AutomationLevel = (typeof AUTOMATION_LEVELS)[number];

/** The audit a breach asks for. */
export interface RuleAudit {
  readonly goal: string | null;
  readonly strategy: string | null;
  readonly parameters: { readonly [name: string]: unknown };
  readonly automation: AutomationLevel;
}

/** How much of the time the metric must be on the good side. */
export interface Objective {
  /** Share of the time, 0 to 1. */
  readonly target: number;
  /** Over how many seconds, in whole hours. */
  readonly period: number;
  /** By what it is also counted apart. */
  readonly per: readonly ScopeKind[];
}

/** What an objective may be counted by: the host or instance that is measured, its host, the aggregates of its host. */
export const SCOPE_KINDS = ['resource', 'host', 'aggregate'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];
