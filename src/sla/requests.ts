import { randomUUID } from 'node:crypto';
import type { Lease } from '../../model/ledger.ts';
import { STRATEGIES } from '../../strategies/catalogue/strategies.ts';
import type { Rule } from '../../streams/sla/rule.ts';
import { formatStatistic } from '../../streams/sla/statistic.ts';
import type { Parameters } from '../audits/audit.ts';
import { AUDIT_REQUEST, type AuditRequest } from '../audits/audit-request.ts';
import type { Book } from '../audits/book.ts';
import { type Firing, type IncidentRecord, MOST_ASKED, SLA_FIRING, SLA_INCIDENT } from './incident-record.ts';
import type { LedgerCopy, RecordChange } from './records.ts';
import { underWay } from './sla-records.ts';

const MILLIS = 1_000;
const SECONDS_PER_HOUR = 3_600;
/** Resources named in one request; beyond them the worst are not told from the others, the first opened are. */
const MAX_RESOURCES = 500;

/** Why a breach does not ask for an audit now. */
export interface HeldBack {
  readonly code: 'no-audit' | 'under-way' | 'cooldown' | 'rate';
  readonly text: string;
}

/** Asks for audits: each incident once, one audit of a rule at a time, no sooner than its cooldown, so many in an hour. */
export class AuditRequests {
  readonly #records: LedgerCopy;
  readonly #book: Book;
  readonly #perHour: number;

  constructor(records: LedgerCopy, book: Book, perHour: number) {
    this.#records = records;
    this.#book = book;
    this.#perHour = perHour;
  }

  /** What keeps a rule from asking at a time; null when nothing does. */
  heldBack(rule: Rule, time: number): HeldBack | null {
    if (rule.audit === null) return { code: 'no-audit', text: 'the rule asks for no audit' };
    const running = underWay(rule.name, this.#book);
    if (running !== null) return { code: 'under-way', text: running };
    const last = this.#records.get<Firing>(SLA_FIRING, rule.name);
    if (last !== undefined && time - last.at < rule.cooldown) {
      const left = Math.ceil(last.at + rule.cooldown - time);
      return {
        code: 'cooldown',
        text: `the last audit was asked for ${Math.floor(time - last.at)} s ago; ${left} s are left of the cooldown`,
      };
    }
    if (this.#askedSince(time - SECONDS_PER_HOUR) >= this.#perHour) {
      return { code: 'rate', text: `sla.audits_per_hour, ${this.#perHour}, were asked for within the last hour` };
    }
    return null;
  }

  /** Why an audit is to be asked for an incident: there was none yet, or it failed and may be tried again; null when none is. */
  reasonToAsk({ audit: uuid, timesAsked }: IncidentRecord): 'first' | 'failed' | null {
    if (uuid === null) return 'first';
    return timesAsked < MOST_ASKED && this.failure(uuid) !== null ? 'failed' : null;
  }

  /** In words how an audit that was asked for came to nothing; null for one that did not, or that an operator ended. */
  failure(uuid: string): string | null {
    const audit = this.#book.audits.get(uuid);
    const ended = audit?.history.at(-1);
    if (audit === undefined || ended === undefined) return null;
    const cameToNothing = audit.state === 'FAILED' || (audit.state === 'CANCELLED' && ended.by.kind === 'vigil');
    return cameToNothing ? `the audit ${uuid} is ${audit.state}: ${audit.statusMessage ?? ended.reason}` : null;
  }

  /** Asks for one audit for all of these incidents of a rule. Its uuid, or null when the lease is gone. */
  async ask(rule: Rule, incidents: readonly IncidentRecord[], time: number, lease: Lease): Promise<string | null> {
    const id = randomUUID();
    const resources = incidents.slice(0, MAX_RESOURCES).map(({ resource }) => resource);
    const request = requestOf(rule, resources, reasonOf(rule, incidents), time);
    const asked = await this.#records.change(
      () => [
        ...firing(rule, id, request, time),
        ...incidents.map((incident) => {
          const asked = { audit: id, askedAt: time, timesAsked: incident.timesAsked + 1 };
          return { kind: SLA_INCIDENT, id: incident.id, value: { ...incident, ...asked } };
        }),
      ],
      lease,
    );
    return asked ? id : null;
  }

  /** Asks as a breach of these resources would, whatever holds it back; the plan waits for an operator. Its uuid. */
  async tryOut(rule: Rule, resources: readonly string[], by: string, time: number): Promise<string> {
    const id = randomUUID();
    const request = requestOf(rule, resources, `rule ${rule.name} was tried out by ${by}; nothing is breached`, time);
    await this.#records.change(() => firing(rule, id, { ...request, automation: 'manual' }, time));
    return id;
  }

  #askedSince(time: number): number {
    const audits = new Set<string>();
    for (const [, { at, audit }] of this.#records.values<Firing>(SLA_FIRING)) if (at > time) audits.add(audit);
    for (const [, { askedAt, audit }] of this.#records.values<IncidentRecord>(SLA_INCIDENT)) {
      if (audit !== null && askedAt !== null && askedAt > time) audits.add(audit);
    }
    return audits.size;
  }
}

function firing(rule: Rule, id: string, request: AuditRequest, time: number): RecordChange[] {
  const firing: Firing = { at: time, audit: id };
  return [
    { kind: AUDIT_REQUEST, id, value: request },
    { kind: SLA_FIRING, id: rule.name, value: firing },
  ];
}

function requestOf(rule: Rule, resources: readonly string[], reason: string, time: number): AuditRequest {
  const { goal, strategy, parameters, automation } = rule.audit ?? NO_AUDIT;
  const served = STRATEGIES.find(({ name }) => name === strategy)?.goal;
  return {
    trigger: { rule: rule.name, metric: rule.metric, resources, window: rule.window, severity: rule.severity },
    goal: goal ?? served ?? '',
    strategy,
    parameters: parameters as Parameters,
    scope: [],
    automation,
    reason,
    at: time * MILLIS,
  };
}

const NO_AUDIT = { goal: null, strategy: null, parameters: {}, automation: 'manual' } as const;

/** `cpu_steal of instance X is 12.3, above 10 (mean over 60 s) for 120 s; and 3 others`. */
function reasonOf(rule: Rule, [first, ...others]: readonly IncidentRecord[]): string {
  const { metric, of, bad, threshold, statistic, window, hold } = rule;
  const value = first?.value === null || first === undefined ? 'unknown' : Number(first.value.toPrecision(4));
  const held = hold === 0 ? '' : ` for ${hold} s`;
  const more = others.length === 0 ? '' : `; and ${others.length} ${others.length === 1 ? 'other' : 'others'}`;
  return `${metric} of ${of} ${first?.resource} is ${value}, ${bad} ${threshold} (${formatStatistic(statistic)} over ${window} s)${held}${more}`;
}
