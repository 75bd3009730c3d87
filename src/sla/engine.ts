import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { EMPTY, exhaustMap, type Observable, Subscription } from 'rxjs';
import type { Lease, Ledger } from '../../model/ledger.ts';
import type { LiveModel } from '../../model/live-model.ts';
import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import type { Sample } from '../../model/metrics/sample.ts';
import { Evaluator, type Selects } from '../../streams/sla/evaluator.ts';
import { type EndReason, type IncidentEvent, Incidents, type OpenIncident } from '../../streams/sla/incidents.ts';
import type { Rule } from '../../streams/sla/rule.ts';
import type { Transition } from '../../streams/sla/rule-states.ts';
import { isInScope } from '../../streams/sla/scope.ts';
import { metricsViewOf } from '../../streams/sla/store-metrics-view.ts';
import { SampleStore, type StoreLimits, type Taken } from '../../streams/sla/windows/sample-store.ts';
import type { FeedItem } from '../service-state.ts';
import { type IncidentRecord, SLA_INCIDENT } from './incident-record.ts';
import { type Mute, muteOf } from './mute.ts';
import { Objectives } from './objectives.ts';
import type { LedgerCopy, RecordChange } from './records.ts';
import type { AuditRequests } from './requests.ts';
import { Room } from './room.ts';
import { type RuleBook, SLA_RULE } from './rule-book.ts';
import { type Silence, SLA_SILENCE } from './silence.ts';
import { UnsharedWatch } from './unshared.ts';

/** What rules are evaluated on, and where what comes of it is kept. */
export interface SlaParts {
  readonly model: LiveModel;
  readonly ledger: Ledger;
  readonly records: LedgerCopy;
  readonly book: RuleBook;
  readonly requests: AuditRequests;
  readonly log: Logger;
  /** Seconds between evaluations. */
  readonly step: number;
  /** Seconds of samples kept for strategies. */
  readonly retention: number;
  /** How much of what is measured is held. */
  readonly room: StoreLimits;
  /** Scopes of which objectives are counted apart, at most. */
  readonly objectiveScopes: number;
  /** Seconds since 1970. */
  readonly now: () => number;
}

const LEASE = 'sla';
/** The lease outlasts two steps and a hitch. */
const LEASE_SLACK_MILLIS = 5_000;
const MILLIS = 1_000;
/** Writes of one transaction. */
const WRITES_AT_ONCE = 200;
/** Incidents that ended and are kept. */
const ENDED_KEPT = 2_000;
/** Open incidents at most; what is breached beyond them waits until others end. */
const OPEN_LIMIT = 20_000;

/** Evaluates rules over what is measured, keeps incidents, and asks for audits; of several processes one acts. */
export class SlaEngine {
  readonly samples: SampleStore;
  readonly room: Room;
  readonly evaluator: Evaluator;
  readonly incidents: Incidents;
  readonly objectives: Objectives;
  readonly requests: AuditRequests;
  readonly unshared: UnsharedWatch;
  readonly #parts: SlaParts;
  readonly #holder = randomUUID();
  /** Ids of the records of open incidents, by rule and resource. */
  readonly #ids = new Map<string, string>();
  #rules: ReadonlyMap<string, Rule> = new Map();
  #dirty: Set<string> | 'all' = 'all';
  readonly #counts = { steps: 0, late: 0, transitions: 0, audits: 0, seconds: 0 };
  #evaluating = false;
  readonly #afterwards: (() => void)[] = [];
  #lastStep: number | null = null;
  /** The token of the lease under which everything so far is written; null when something may not be. */
  #term: number | null = null;

  constructor(parts: SlaParts) {
    this.#parts = parts;
    const { model, records, requests, retention } = parts;
    this.samples = new SampleStore(retention, parts.room);
    this.room = new Room(this.samples, parts.log);
    const isAbout: Selects = (rule, resource) => isInScope(rule, resource, model);
    this.evaluator = new Evaluator(this.samples, isAbout);
    this.incidents = new Incidents(
      (name) => this.#rules.get(name),
      (rule, resource, time) => this.incidents.size >= OPEN_LIMIT || this.mute(rule, resource, time) !== null,
      isAbout,
    );
    this.objectives = new Objectives(records, parts.ledger, model, parts.objectiveScopes, parts.log);
    this.requests = requests;
    this.unshared = new UnsharedWatch(this.incidents, records, parts.step, parts.log);
  }

  /** Steps evaluated, samples that were too late, changes of state, audits asked for, and the seconds all that took. */
  get counts(): Readonly<{ steps: number; late: number; transitions: number; audits: number; seconds: number }> {
    return this.#counts;
  }

  /** Whether this process is the one that acts. */
  get acts(): boolean {
    return this.#term !== null;
  }

  /** Seconds since 1970. */
  get now(): number {
    return this.#parts.now();
  }

  /** The time of the last step, in seconds since 1970; null before the first. */
  get lastStep(): number | null {
    return this.#lastStep;
  }

  /** What strategies may read of the metrics, now. */
  metricsView(now: number): MetricsView {
    return metricsViewOf(this.samples, now);
  }

  /** What keeps a breach of a resource from being an incident; null when nothing does. */
  mute(rule: Rule, resource: string, time: number): Mute | null {
    const silences = [...this.#parts.records.values<Silence>(SLA_SILENCE)].map(([, silence]) => silence);
    return muteOf(rule, resource, time, this.#parts.model, silences);
  }

  /** Takes over what was counted before. The records must have been read. */
  async open(): Promise<void> {
    this.#takeRules();
    await this.objectives.open();
  }

  /** Begins to take samples and to evaluate at these steps; it must be open. */
  start(
    samples$: Observable<readonly Sample[]>,
    steps$: Observable<number>,
    feed$: Observable<FeedItem>,
  ): Subscription {
    const { records, log } = this.#parts;
    this.#takeRules();
    this.#resume(this.#parts.now());
    const running = new Subscription();
    running.add(records.changed$.subscribe((kind) => this.#betweenSteps(() => this.#recordsChanged(kind))));
    running.add(feed$.subscribe((item) => this.#modelChanged(item)));
    running.add(samples$.subscribe((samples) => this.#betweenSteps(() => this.#takeSamples(samples))));
    running.add(
      steps$
        .pipe(
          exhaustMap((time) =>
            this.step(time).catch((error: unknown) => {
              log.error({ err: error }, 'rules could not be evaluated; the next step tries again');
              return EMPTY;
            }),
          ),
        )
        .subscribe(),
    );
    return running;
  }

  /** Evaluates at a time, and does what comes of it. */
  async step(time: number): Promise<void> {
    const begun = performance.now();
    if (this.#dirty === 'all' || this.#dirty.size > 0) this.evaluator.reselect(this.#dirty);
    this.#dirty = new Set();
    const transitions: Transition[] = [];
    await this.#evaluate(time, transitions);
    const seconds = this.#lastStep === null ? this.#parts.step : Math.min(time - this.#lastStep, this.#parts.step);
    this.objectives.count(this.evaluator.rules(), time, seconds);
    for (const _ of this.objectives.countScopes(this.evaluator, time, seconds)) await nextTurn();
    const events = this.incidents.step(time, transitions);
    this.#lastStep = time;
    this.room.step();
    this.#counts.steps += 1;
    this.#counts.transitions += transitions.length;
    for (const event of events) this.#tell(event);
    await this.#act(events, time);
    this.#counts.seconds += (performance.now() - begun) / MILLIS;
  }

  /** What comes meanwhile waits: in the midst of a step neither samples nor rules may change. */
  async #evaluate(time: number, transitions: Transition[]): Promise<void> {
    this.#evaluating = true;
    try {
      for (const _ of this.evaluator.stepByStep(time, (transition) => transitions.push(transition))) await nextTurn();
    } finally {
      this.#evaluating = false;
      for (const work of this.#afterwards.splice(0)) work();
    }
  }

  #betweenSteps(work: () => void): void {
    if (this.#evaluating) this.#afterwards.push(work);
    else work();
  }

  /** Writes what came of a step, if this process is the one that acts. */
  async #act(events: readonly IncidentEvent[], time: number): Promise<void> {
    const { ledger, records, step } = this.#parts;
    const lease = await ledger.lease(LEASE, this.#holder, 2 * step * MILLIS + LEASE_SLACK_MILLIS);
    if (lease === null) {
      this.#term = null;
      this.unshared.look(time);
      return;
    }
    this.unshared.reset();
    const takenOver = this.#term === lease.token ? [] : this.#takeOver(time);
    // Until all is written: what fails is taken over anew by the next step.
    this.#term = null;
    const changes = [...takenOver, ...events.flatMap((event) => this.#recordOf(event)), ...this.#endedTooMany()];
    for (let at = 0; at < changes.length; at += WRITES_AT_ONCE) {
      if (!(await records.change(() => changes.slice(at, at + WRITES_AT_ONCE), lease))) return;
    }
    this.#term = lease.token;
    await this.#ask(time, lease);
    await this.objectives.save(time, lease);
  }

  async #ask(time: number, lease: Lease): Promise<void> {
    for (const [name, incidents] of this.#unanswered(time)) {
      const rule = this.#rules.get(name);
      if (rule === undefined || this.requests.heldBack(rule, time) !== null) continue;
      const audit = await this.requests.ask(rule, incidents, time, lease);
      if (audit === null) return;
      this.#counts.audits += 1;
      const resources = incidents.map(({ resource }) => resource).slice(0, 5);
      this.#parts.log.warn({ rule: name, audit, resources, incidents: incidents.length }, 'an audit is asked for');
    }
  }

  /** Open incidents, by rule, for which an audit is to be asked and that are breached now and not muted. */
  #unanswered(time: number): Map<string, IncidentRecord[]> {
    const byRule = new Map<string, IncidentRecord[]>();
    for (const { rule: name, resource } of this.incidents.open()) {
      const rule = this.#rules.get(name);
      const record = this.#parts.records.get<IncidentRecord>(SLA_INCIDENT, this.#ids.get(`${name}/${resource}`) ?? '');
      if (rule === undefined || record === undefined || this.requests.reasonToAsk(record) === null) continue;
      if (this.evaluator.inspect(name, resource)?.state !== 'breached') continue;
      if (this.mute(rule, resource, time) !== null) continue;
      const same = byRule.get(name);
      if (same === undefined) byRule.set(name, [record]);
      else same.push(record);
    }
    return byRule;
  }

  #recordOf({ kind, incident, ...end }: IncidentEvent): RecordChange[] {
    const key = `${incident.rule}/${incident.resource}`;
    const known = this.#ids.get(key);
    if (kind === 'opened') return known === undefined ? this.#opened(incident) : [];
    this.#ids.delete(key);
    const record = this.#parts.records.get<IncidentRecord>(SLA_INCIDENT, known ?? '');
    return record === undefined || !('at' in end) ? [] : [ended(record, end.at, end.reason)];
  }

  #opened({ rule: name, resource, openedAt, value }: OpenIncident): RecordChange[] {
    const rule = this.#rules.get(name);
    if (rule === undefined) return [];
    const id = `${new Date(openedAt * MILLIS).toISOString()}-${randomUUID()}`;
    this.#ids.set(`${name}/${resource}`, id);
    const { metric, severity, threshold } = rule;
    const record: IncidentRecord = {
      ...{ id, rule: name, metric, resource, severity, openedAt, value, threshold },
      project: rule.of === 'host' ? null : (this.#parts.model.instance(resource)?.identity?.project_id ?? null),
      ...{ endedAt: null, endReason: null, audit: null, askedAt: null, timesAsked: 0 },
    };
    return [{ kind: SLA_INCIDENT, id, value: record }];
  }

  /** This process acts from now on: what is open here must be in the ledger, and what is open there be known here. */
  #takeOver(time: number): RecordChange[] {
    const changes: RecordChange[] = [];
    for (const record of this.#resume(time)) changes.push(ended(record, time, 'recovered'));
    for (const incident of this.incidents.open()) {
      const id = this.#ids.get(`${incident.rule}/${incident.resource}`) ?? '';
      if (this.#parts.records.get(SLA_INCIDENT, id) === undefined) changes.push(...this.#opened(incident));
    }
    return changes;
  }

  /** The oldest of the incidents that ended, beyond as many as are kept. */
  #endedTooMany(): RecordChange[] {
    const ended: string[] = [];
    for (const [id, { endedAt }] of this.#parts.records.values<IncidentRecord>(SLA_INCIDENT)) {
      if (endedAt !== null) ended.push(id);
    }
    const beyond = ended.sort().slice(0, Math.max(0, ended.length - ENDED_KEPT));
    return beyond.map((id) => ({ kind: SLA_INCIDENT, id, value: null }));
  }

  /** Takes over the incidents that are open in the ledger. Those whose metric came back meanwhile are returned. */
  #resume(now: number): IncidentRecord[] {
    const over: IncidentRecord[] = [];
    for (const [id, record] of this.#parts.records.values<IncidentRecord>(SLA_INCIDENT)) {
      const { rule, resource, openedAt, value, endedAt } = record;
      if (endedAt !== null) continue;
      if (this.incidents.find(rule, resource) === undefined) {
        if (this.evaluator.inspect(rule, resource)?.state === 'ok') {
          over.push(record);
          continue;
        }
        this.incidents.resume({ rule, resource, openedAt, value }, now);
      }
      this.#ids.set(`${rule}/${resource}`, id);
    }
    return over;
  }

  #takeRules(): void {
    const rules = this.#parts.book.all().map(({ rule }) => rule);
    const before = this.#rules;
    this.#rules = new Map(rules.map((rule) => [rule.name, rule]));
    for (const rule of rules) {
      const last = before.get(rule.name);
      if (last !== undefined && last !== rule) this.incidents.replaced(rule, this.#lastStep ?? this.#parts.now());
    }
    this.evaluator.setRules(rules);
    this.objectives.setRules(rules);
  }

  #recordsChanged(kind: string | null): void {
    if (kind === SLA_RULE || kind === null) this.#takeRules();
    if (kind === null) this.#resume(this.#parts.now());
  }

  #modelChanged(item: FeedItem): void {
    if (item.kind === 'resync') this.#dirty = 'all';
    else
      for (const { kind, id } of item.changes) {
        if (kind === 'aggregate' || kind === 'server_group') this.#dirty = 'all';
        else if (this.#dirty !== 'all') this.#dirty.add(id);
      }
  }

  #takeSamples(samples: readonly Sample[]): void {
    for (const sample of samples) {
      const taken: Taken = this.samples.add(sample);
      if (taken === 'late') this.#counts.late += 1;
      this.room.note(taken);
    }
  }

  #tell(event: IncidentEvent): void {
    const { rule, resource } = event.incident;
    const { log } = this.#parts;
    if (event.kind === 'opened') log.warn({ rule, resource, value: event.incident.value }, 'a rule is breached');
    else log.info({ rule, resource, reason: event.reason }, 'a breach ended');
  }
}

function ended(record: IncidentRecord, endedAt: number, endReason: EndReason): RecordChange {
  return { kind: SLA_INCIDENT, id: record.id, value: { ...record, endedAt, endReason } };
}
