/** What the page reads of `/sla/incidents`: times are seconds since 1970. */
export interface Incident {
  readonly id: string;
  readonly rule: string;
  readonly metric: string;
  /** An instance by its uuid, or a host by its name. */
  readonly resource: string;
  readonly severity: string;
  readonly opened_at: number;
  readonly value: number | null;
  readonly threshold: number;
  readonly ended_at: number | null;
  readonly end_reason: string | null;
}

/** What the page reads of `/plans`. */
export interface Plan {
  readonly uuid: string;
  readonly state: string;
  readonly status_message: string | null;
  readonly goal: string;
  readonly strategy: string;
  readonly audit: { readonly uuid: string; readonly name: string } | null;
  readonly trigger: {
    readonly rule: string;
    readonly metric: string;
    readonly resources: readonly string[];
    readonly severity: string;
  } | null;
  readonly started_by: string | null;
  readonly created_at: string;
  readonly updated_at: string | null;
  readonly efficacy_indicators: readonly Indicator[];
  readonly global_efficacy: readonly Indicator[];
  readonly actions: readonly Action[];
  readonly rejected: readonly Rejected[];
  readonly rejected_count: number;
}

export interface Indicator {
  readonly name: string;
  readonly description: string;
  readonly unit: string | null;
  readonly value: number;
}

export interface Action {
  readonly uuid: string;
  readonly type: string;
  readonly state: string;
  readonly status_message: string | null;
  readonly reason: string;
  readonly input: { readonly [name: string]: unknown };
}

export interface Rejected {
  readonly candidate: string;
  readonly text: string;
}

/** What happened for one reason: a breach, or an audit that somebody asked for; and what came of it. */
export interface Story {
  readonly key: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /** Of one rule; empty when no breach began it. */
  readonly incidents: readonly Incident[];
  readonly plan: Plan | null;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name: string;
  readonly standing: 'done' | 'current' | 'failed' | 'ahead' | 'off';
}

const MILLIS = 1_000;
/** A breach that went by itself is shown for so long (ms). */
const SHOWN_AFTER_END = 300_000;
/** How far a plan is by its state; in other states it is not carried out yet. */
const STANDINGS: { readonly [state: string]: Step['standing'] } = {
  SUCCEEDED: 'done',
  FAILED: 'failed',
  CANCELLED: 'off',
  SUPERSEDED: 'off',
};

/** The stories of plans and breaches, the latest first. `now` in milliseconds since 1970. */
export function storiesOf(plans: readonly Plan[], incidents: readonly Incident[], now: number): Story[] {
  const told = new Set<string>();
  const stories = plans.map((plan): Story => {
    const its = incidents.filter((incident) => isAnsweredBy(incident, plan));
    for (const { id } of its) told.add(id);
    const created = Date.parse(plan.created_at);
    const at = Math.min(created, ...its.map(({ opened_at: opened }) => opened * MILLIS));
    return { key: plan.uuid, at, incidents: its, plan, steps: stepsOf(plan, its) };
  });
  const open = incidents.filter(
    ({ id, ended_at: ended }) => !told.has(id) && (ended === null || now - ended * MILLIS < SHOWN_AFTER_END),
  );
  for (const [rule, its] of byRule(open)) {
    const at = Math.min(...its.map(({ opened_at: opened }) => opened * MILLIS));
    stories.push({ key: `rule ${rule}`, at, incidents: its, plan: null, steps: stepsOf(null, its) });
  }
  return stories.sort((a, b) => b.at - a.at);
}

/** Hosts and instances that are breached now. */
export function breachedOf(incidents: readonly Incident[]): Set<string> {
  return new Set(incidents.filter(({ ended_at: ended }) => ended === null).map(({ resource }) => resource));
}

/** A plan answers breaches of its rule that were there when it was made. */
function isAnsweredBy(
  { rule, resource, opened_at: opened, ended_at: ended }: Incident,
  { trigger, created_at }: Plan,
): boolean {
  const created = Date.parse(created_at);
  if (trigger === null || trigger.rule !== rule || !trigger.resources.includes(resource)) return false;
  return opened * MILLIS <= created && (ended === null || ended * MILLIS >= created);
}

function stepsOf(plan: Plan | null, incidents: readonly Incident[]): Step[] {
  const breach: Step[] = incidents.length > 0 || plan?.trigger != null ? [{ name: 'breach', standing: 'done' }] : [];
  const recovery: Step[] = breach.length > 0 ? [{ name: 'recovered', standing: recoveryOf(plan, incidents) }] : [];
  // It went by itself, or with what was done about another.
  if (plan === null && incidents.every(({ ended_at: ended }) => ended !== null)) return [...breach, ...recovery];
  return [
    ...breach,
    { name: 'plan', standing: plan === null ? 'current' : 'done' },
    { name: 'action', standing: actionOf(plan) },
    ...recovery,
  ];
}

function actionOf(plan: Plan | null): Step['standing'] {
  return plan === null ? 'ahead' : (STANDINGS[plan.state] ?? 'current');
}

function recoveryOf(plan: Plan | null, incidents: readonly Incident[]): Step['standing'] {
  if (incidents.length > 0 && incidents.every(({ end_reason: reason }) => reason === 'recovered')) return 'done';
  return plan?.state === 'SUCCEEDED' ? 'current' : 'ahead';
}

function byRule(incidents: readonly Incident[]): Map<string, Incident[]> {
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) groups.set(incident.rule, [...(groups.get(incident.rule) ?? []), incident]);
  return groups;
}
