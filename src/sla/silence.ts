import type { Rule, Where } from '../../streams/sla/rule.ts';
import { isInScope, type ScopeView } from '../../streams/sla/scope.ts';

/** The kind under which silences lie in the ledger. */
export const SLA_SILENCE = 'sla_silence';

/** A time in which nothing is made of breaches: once, or as a maintenance window again and again. Times in seconds. */
export type Silence = {
  readonly id: string;
  /** Rules by name; null for all. */
  readonly rules: readonly string[] | null;
  /** Of whom, as in rules; empty for all. */
  readonly where: Where;
  readonly from: number;
  readonly until: number;
  /** It returns each time so many seconds are over; null for once. */
  readonly every: number | null;
  readonly comment: string;
  readonly createdBy: string;
  readonly createdAt: number;
};

/** Until when a silence lasts that is on at a time; null when it is not on. */
export function silentUntil({ from, until, every }: Silence, time: number): number | null {
  if (time < from) return null;
  const start = every === null ? from : from + Math.floor((time - from) / every) * every;
  const end = start + (until - from);
  return time < end ? end : null;
}

/** Whether it is over for good. */
export function isOver({ until, every }: Silence, time: number): boolean {
  return every === null && time >= until;
}

export function isSilenced(silence: Silence, rule: Rule, resource: string, time: number, view: ScopeView): boolean {
  if (silence.rules !== null && !silence.rules.includes(rule.name)) return false;
  if (silentUntil(silence, time) === null) return false;
  const { project, flavor, metadata, server_group: group } = silence.where;
  const ofInstances = [project, flavor, metadata, group].some((given) => given !== undefined);
  if (rule.of === 'host' && ofInstances) return false;
  return Object.keys(silence.where).length === 0 || isInScope({ of: rule.of, where: silence.where }, resource, view);
}
