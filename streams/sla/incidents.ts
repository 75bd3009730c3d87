import type { Selects } from './evaluator.ts';
import type { Rule } from './rule.ts';
import type { Transition } from './rule-states.ts';

/** A breach of one series, from when it was first seen until the metric came back. Times in seconds since 1970. */
export interface OpenIncident {
  readonly rule: string;
  readonly resource: string;
  readonly openedAt: number;
  /** The statistic when it was opened. */
  readonly value: number | null;
  /** Since when nothing was measured of it; null while something is. */
  unknownSince: number | null;
  /** For how many seconds nothing need be measured until it is given up. */
  patience: number;
}

/**
 * Why an incident ended: the metric came back; nothing was measured for longer than the cooldown; the rule is no longer
 * about the resource, or is there no more.
 */
export type EndReason = 'recovered' | 'lost' | 'out-of-scope' | 'rule-removed';

export type IncidentEvent =
  | { readonly kind: 'opened'; readonly incident: OpenIncident }
  | { readonly kind: 'ended'; readonly incident: OpenIncident; readonly at: number; readonly reason: EndReason };

/** Whether nothing is to be made of a breach now: a silence, a maintenance. */
export type Muted = (rule: Rule, resource: string, time: number) => boolean;

/** After a restart nothing may be measured for so long, whatever a rule's cooldown, before an incident is given up. */
const RESTART_PATIENCE = 600;

/**
 * Makes incidents of changes of state. A breach that went unknown and comes back within the cooldown is the same incident;
 * one that is muted is none, until it no longer is.
 */
export class Incidents {
  readonly #open = new Map<string, OpenIncident>();
  /** Breached series without an incident, as they are muted, with the statistic at the breach. */
  readonly #muted = new Map<string, Transition>();
  readonly #rules: (name: string) => Rule | undefined;
  readonly #isMuted: Muted;
  readonly #isAbout: Selects;

  constructor(rules: (name: string) => Rule | undefined, isMuted: Muted, isAbout: Selects) {
    this.#rules = rules;
    this.#isMuted = isMuted;
    this.#isAbout = isAbout;
  }

  get size(): number {
    return this.#open.size;
  }

  open(): Iterable<OpenIncident> {
    return this.#open.values();
  }

  find(rule: string, resource: string): OpenIncident | undefined {
    return this.#open.get(keyOf(rule, resource));
  }

  /** Takes over an incident that was open when this process was not there; its series is unknown since `now`. */
  resume(incident: Pick<OpenIncident, 'rule' | 'resource' | 'openedAt' | 'value'>, now: number): void {
    const cooldown = this.#rules(incident.rule)?.cooldown ?? 0;
    const patience = Math.max(cooldown, RESTART_PATIENCE);
    this.#open.set(keyOf(incident.rule, incident.resource), { ...incident, unknownSince: now, patience });
  }

  /** A rule became another: what it holds of its series begins anew, and so they are unknown since `now`. */
  replaced(rule: Rule, now: number): void {
    for (const incident of this.#open.values()) {
      if (incident.rule !== rule.name) continue;
      incident.unknownSince ??= now;
      incident.patience = rule.cooldown;
    }
  }

  /** What the changes of a step come to, and the passing of time until it. */
  step(time: number, transitions: readonly Transition[]): IncidentEvent[] {
    const events: IncidentEvent[] = [];
    for (const transition of transitions) this.#take(transition, events);
    this.#unmute(time, events);
    for (const [key, incident] of this.#open) {
      const reason = this.#endOf(incident, time);
      if (reason === null) continue;
      this.#open.delete(key);
      events.push({ kind: 'ended', incident, at: time, reason });
    }
    return events;
  }

  #take(transition: Transition, events: IncidentEvent[]): void {
    const { rule: name, resource, time, to } = transition;
    const key = keyOf(name, resource);
    const incident = this.#open.get(key);
    const rule = this.#rules(name);
    if (rule === undefined) return;
    if (to !== 'breached') this.#muted.delete(key);
    if (incident === undefined) {
      if (to !== 'breached') return;
      if (this.#isMuted(rule, resource, time)) this.#muted.set(key, transition);
      else this.#begin(key, rule, transition, time, events);
      return;
    }
    if (to === 'ok') {
      this.#open.delete(key);
      events.push({ kind: 'ended', incident, at: time, reason: 'recovered' });
    } else if (to === 'unknown') {
      incident.unknownSince = time;
      incident.patience = rule.cooldown;
    } else {
      incident.unknownSince = null;
    }
  }

  /** Why an incident is over although its metric did not come back; null while it is not. */
  #endOf({ rule: name, resource, unknownSince, patience }: OpenIncident, time: number): EndReason | null {
    const rule = this.#rules(name);
    if (rule === undefined) return 'rule-removed';
    if (unknownSince === null) return null;
    if (!this.#isAbout(rule, resource)) return 'out-of-scope';
    return time - unknownSince > patience ? 'lost' : null;
  }

  #unmute(time: number, events: IncidentEvent[]): void {
    for (const [key, transition] of this.#muted) {
      const rule = this.#rules(transition.rule);
      if (rule !== undefined && this.#isMuted(rule, transition.resource, time)) continue;
      this.#muted.delete(key);
      if (rule !== undefined) this.#begin(key, rule, transition, time, events);
    }
  }

  #begin(key: string, rule: Rule, { resource, value }: Transition, openedAt: number, events: IncidentEvent[]): void {
    const incident = { rule: rule.name, resource, openedAt, value, unknownSince: null, patience: rule.cooldown };
    this.#open.set(key, incident);
    events.push({ kind: 'opened', incident });
  }
}

function keyOf(rule: string, resource: string): string {
  return `${rule}/${resource}`;
}
