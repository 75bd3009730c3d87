import type { Fork } from '../model/fork.ts';
import type { MetricsView } from '../model/metrics/metrics-view.ts';
import type { ActionType } from './action.ts';
import type { GoalName } from './catalogue/goals.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Rejected } from './rejected.ts';

/** A way to reach a goal: a value from which validation, API, documentation and command line are made. */
export interface Strategy {
  /** Short and unique: what clients name it by. */
  readonly name: string;
  readonly displayName: string;
  readonly goal: GoalName;
  readonly description: string;
  /** Of an object; unknown keys are refused, defaults are filled in before `plan` sees them. */
  readonly parameters: JsonSchema;
  /** Metrics of the catalogue without which it cannot decide. */
  readonly needs: readonly string[];
  /** Whether people want all of what it looks at to be done, so that they have to be told of what is left undone. */
  readonly exhaustive?: boolean;
  /** Pure and synchronous; may move instances on the fork to try things out. Null for a strategy whose logic is not there yet. */
  readonly plan: ((input: StrategyInput) => Solution) | null;
}

export interface StrategyInput {
  /** A what-if of its own of the model; nothing done to it reaches the model. */
  readonly view: Fork;
  readonly metrics: MetricsView;
  readonly history: History;
  /** Checked against the strategy's schema, with defaults. */
  readonly parameters: { readonly [name: string]: unknown };
  /** What the audit may touch. */
  readonly scope: Scope;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What started the audit, for strategies that act on a breach; null when nothing in particular did. */
  readonly trigger: Trigger | null;
}

/** What was done before, so that nothing is moved to and fro. */
export interface History {
  /** When an instance was last moved by whomever, in milliseconds since 1970; null when that is not known. */
  lastMove(uuid: string): number | null;
}

/** Which hosts and instances an audit may touch. */
export interface Scope {
  hasHost(name: string): boolean;
  /** False for an instance that is excluded, or on a host out of scope. */
  hasInstance(uuid: string): boolean;
}

/** The breach that started an audit. */
export interface Trigger {
  readonly rule: string;
  readonly metric: string;
  /** Hosts and instances whose series are breached. */
  readonly resources: readonly string[];
  /** Over how many seconds the rule measures; left out where the breach is only supposed. */
  readonly window?: number;
}

/** What a strategy came to. */
export interface Solution {
  /** In the order in which it would have them; the planner finds out what must wait for what. */
  readonly actions: readonly ProposedAction[];
  readonly indicators: readonly Indicator[];
  /** How much of the goal is reached; empty when nothing can be said. */
  readonly globalEfficacy: readonly Indicator[];
  /** Every candidate that was looked at and not taken, with the reason. */
  readonly rejected: readonly Rejected[];
}

export interface ProposedAction {
  readonly type: ActionType;
  /** Fits the action type's schema. */
  readonly input: { readonly [name: string]: unknown };
  /** Why, in a sentence for people. */
  readonly reason: string;
  /** Where a move whose host nova chooses is expected to go: a host that was checked, with which planning goes on. */
  readonly foreseen?: string;
}

/** One number by which a plan is judged, before and after where both can be told. */
export interface Indicator {
  readonly name: string;
  readonly description: string;
  readonly unit: string | null;
  readonly value: number;
}
