import type { LiveModel } from '../../model/live-model.ts';
import { formatDuration } from '../../streams/sla/duration.ts';
import type { Rule } from '../../streams/sla/rule.ts';
import { isInScope } from '../../streams/sla/scope.ts';
import { isOver } from '../../streams/sla/state.ts';
import { formatStatistic } from '../../streams/sla/statistic.ts';
import type { SlaEngine } from './engine.ts';
import { type IncidentRecord, MOST_ASKED, SLA_INCIDENT } from './incident-record.ts';
import type { LedgerCopy } from './records.ts';

/** One thing that decides whether a rule fires for a resource, and how it stands. */
export interface Finding {
  readonly about: 'scope' | 'samples' | 'threshold' | 'hold' | 'mute' | 'incident' | 'audit';
  /** Whether it speaks for firing. */
  readonly fires: boolean;
  readonly text: string;
}

const MILLIS = 1_000;
const DIGITS = 6;

/** Why a rule did or did not fire for a resource, everything that decides it in the order in which it does. */
export function why(rule: Rule, resource: string, engine: SlaEngine, records: LedgerCopy, model: LiveModel): Finding[] {
  const time = engine.lastStep;
  if (time === null) return [finding('samples', false, 'no step of evaluation was made yet since the start')];
  const scope = scopeFinding(rule, resource, model);
  if (!scope.fires) return [scope];
  const { state, overSince, latest } = engine.evaluator.inspect(rule.name, resource) ?? NOTHING;
  const value = engine.evaluator.measure(rule, resource, time);
  const samples = samplesFinding(rule, latest, value, time);
  if (value === null) return [scope, samples];
  const findings = [scope, samples, thresholdFinding(rule, value, state)];
  if (overSince !== null && rule.hold > 0) {
    const held = time - overSince;
    const text = `it has been so for ${formatDuration(held)} without a break, of ${formatDuration(rule.hold)} (hold)`;
    findings.push(finding('hold', held >= rule.hold, text));
  }
  if (state !== 'breached') return findings;
  // A silence made just now counts, though no step was made since.
  const now = Math.max(time, engine.now);
  const mute = engine.mute(rule, resource, now);
  findings.push(finding('mute', mute === null, mute?.text ?? 'nothing mutes it'));
  return [...findings, ...incidentFindings(rule, resource, engine, records, now)];
}

const NOTHING = { state: 'unknown', overSince: null, latest: null } as const;

function scopeFinding(rule: Rule, resource: string, model: LiveModel): Finding {
  const known = rule.of === 'host' ? model.host(resource) : model.instance(resource);
  if (known === undefined) return finding('scope', false, `the model has no ${rule.of} ${resource}`);
  const failing = Object.entries(rule.where).filter(
    ([key, wanted]) => !isInScope({ of: rule.of, where: { [key]: wanted } }, resource, model),
  );
  if (failing.length === 0) return finding('scope', true, `the rule is about ${rule.of} ${resource}`);
  const unmet = failing.map(([key, wanted]) => `${key} is not ${shown(wanted)}`).join(', ');
  return finding('scope', false, `the rule is not about ${rule.of} ${resource}: its ${unmet}`);
}

function shown(wanted: unknown): string {
  return Array.isArray(wanted) ? wanted.join(' or ') : JSON.stringify(wanted);
}

function samplesFinding(rule: Rule, latest: number | null, value: number | null, time: number): Finding {
  const { metric, window, statistic } = rule;
  if (latest === null)
    return finding('samples', false, `nothing of ${metric} was measured within the last hour, so it is unknown`);
  const age = `the latest sample of ${metric} is of ${iso(latest)}`;
  if (value !== null) return finding('samples', true, `${age}, ${Math.round(time - latest)} s before the last step`);
  const needed = statistic.kind === 'rate' ? 'fewer than two samples, which a rate needs' : 'no sample';
  return finding('samples', false, `${age}; the window of ${formatDuration(window)} has ${needed}, so it is unknown`);
}

function thresholdFinding(rule: Rule, value: number, state: string): Finding {
  const { bad, threshold, clear, window } = rule;
  const over = isOver(rule, value);
  const of = rule.statistic.kind === 'last' ? 'last value of' : `${formatStatistic(rule.statistic)} over`;
  const is = `the ${of} ${formatDuration(window)} is ${Number(value.toPrecision(DIGITS))}`;
  if (over) return finding('threshold', true, `${is}, ${bad} ${threshold}`);
  if (state === 'breached')
    return finding(
      'threshold',
      true,
      `${is}, not ${bad} ${threshold} any more, but not back at ${clear} (clear) either`,
    );
  return finding('threshold', false, `${is}, not ${bad} ${threshold}`);
}

function incidentFindings(
  rule: Rule,
  resource: string,
  engine: SlaEngine,
  records: LedgerCopy,
  time: number,
): Finding[] {
  const incident = engine.incidents.find(rule.name, resource);
  if (incident === undefined) return [finding('incident', false, 'no incident is open')];
  const open = finding('incident', true, `an incident is open since ${iso(incident.openedAt)}`);
  return [open, auditFinding(rule, recordOf(rule.name, resource, records), engine, time)];
}

function recordOf(rule: string, resource: string, records: LedgerCopy): IncidentRecord | undefined {
  for (const [, record] of records.values<IncidentRecord>(SLA_INCIDENT)) {
    if (record.rule === rule && record.resource === resource && record.endedAt === null) return record;
  }
  return undefined;
}

function auditFinding(rule: Rule, record: IncidentRecord | undefined, { requests }: SlaEngine, time: number): Finding {
  const asked = record?.audit ?? null;
  const failure = asked === null ? null : requests.failure(asked);
  if (asked !== null && failure === null) return finding('audit', true, `an audit was asked for: ${asked}`);
  if (failure !== null && (record?.timesAsked ?? 0) >= MOST_ASKED) {
    const text = `${failure}; that was the last of ${MOST_ASKED} that are asked for one incident`;
    return finding('audit', false, text);
  }
  const before = failure === null ? '' : `${failure}; `;
  const held = requests.heldBack(rule, time);
  const again = failure === null ? '' : 'other ';
  if (held !== null) return finding('audit', false, `${before}no ${again}audit is asked for now: ${held.text}`);
  const next = failure === null ? 'an audit' : 'another audit';
  return finding('audit', true, `${before}${next} is asked for by the process that acts, with its next step`);
}

function finding(about: Finding['about'], fires: boolean, text: string): Finding {
  return { about, fires, text };
}

function iso(seconds: number): string {
  return new Date(seconds * MILLIS).toISOString();
}
