import type { ActionPlan, EfficacyIndicator } from '../audits/action-plan.ts';
import type { IncidentRecord } from './incident-record.ts';

const MILLIS_PER_SECOND = 1_000;
const PERCENT = 100;

/** What can be told of the breach a plan was made for, once the plan was carried out. */
export const RECOVERY_INDICATORS = {
  recovered: {
    name: 'breaches_recovered',
    description:
      'Share of the breaches the plan was made for whose metric came back; those that are only not measured any more have not.',
    unit: '%',
  },
  time: {
    name: 'recovery_time',
    description: 'From the end of the plan until the last of these metrics had come back; 0 where that was before.',
    unit: 's',
  },
} as const;

const NAMES: ReadonlySet<string> = new Set(Object.values(RECOVERY_INDICATORS).map(({ name }) => name));
/** The plans after which a metric can have come back by what they did. */
const CARRIED_OUT: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED']);

/** When a plan was carried out (ms since 1970); null when it was not, or not yet. */
export function carriedOutAt({ state, history }: ActionPlan): number | null {
  return CARRIED_OUT.has(state) ? (history.findLast(({ to }) => to === state)?.at ?? null) : null;
}

/** Whether a plan was made for an incident: for its rule and resource, while it was open. */
export function isFor(
  { trigger, createdAt }: ActionPlan,
  { rule, resource, openedAt, endedAt }: IncidentRecord,
): boolean {
  return (
    trigger?.rule === rule &&
    trigger.resources.includes(resource) &&
    openedAt * MILLIS_PER_SECOND <= createdAt &&
    (endedAt === null || endedAt * MILLIS_PER_SECOND >= createdAt)
  );
}

/** Whether all breaches a plan was made for are over and their metrics are back; false when none is known. */
export function hasRecovered(plan: ActionPlan, incidents: Iterable<IncidentRecord>): boolean {
  const concerned = [...incidents].filter((incident) => isFor(plan, incident));
  return concerned.length > 0 && concerned.every(({ endReason }) => endReason === 'recovered');
}

/** The uuid of the latest plan made for an incident; null when there is none. `plans` in the order of creation. */
export function latestPlanFor(incident: IncidentRecord, plans: readonly ActionPlan[]): string | null {
  return plans.findLast((plan) => plan.deletedAt === null && isFor(plan, incident))?.uuid ?? null;
}

/**
 * A plan's efficacy as the metrics show it afterwards, in place of what was said before of the same: how many of the breaches
 * it was made for are over, and when the last one was. Null when there is nothing to say.
 */
export function measuredEfficacy(
  plan: ActionPlan,
  incidents: Iterable<IncidentRecord>,
): readonly EfficacyIndicator[] | null {
  const end = carriedOutAt(plan);
  if (end === null || plan.trigger === null) return null;
  const concerned = [...incidents].filter((incident) => isFor(plan, incident));
  if (concerned.length === 0) return null;
  const ends = concerned.flatMap(({ endedAt, endReason }) =>
    endReason === 'recovered' && endedAt !== null ? [endedAt] : [],
  );
  const { recovered, time } = RECOVERY_INDICATORS;
  const measured: EfficacyIndicator[] = [{ ...recovered, value: (PERCENT * ends.length) / concerned.length }];
  if (ends.length === concerned.length) {
    const millis = Math.max(...ends) * MILLIS_PER_SECOND - end;
    measured.push({ ...time, value: Math.max(0, Math.round(millis)) / MILLIS_PER_SECOND });
  }
  return [...plan.efficacyIndicators.filter(({ name }) => !NAMES.has(name)), ...measured];
}
