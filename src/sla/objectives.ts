import type { Logger } from 'pino';
import type { Lease, Ledger } from '../../model/ledger.ts';
import type { Evaluator } from '../../streams/sla/evaluator.ts';
import { type HourBucket, ObjectiveRecord, type ObjectiveStanding } from '../../streams/sla/objective.ts';
import type { Rule, ScopeKind } from '../../streams/sla/rule.ts';
import type { RuleStates } from '../../streams/sla/rule-states.ts';
import type { ScopeView } from '../../streams/sla/scope.ts';
import { ScopeObjectives, ScopeRoom } from '../../streams/sla/scope-objectives.ts';
import { BREACHED, OK, PENDING } from '../../streams/sla/state.ts';
import { type ObjectiveHours, SLA_OBJECTIVE } from './incident-record.ts';
import type { LedgerCopy } from './records.ts';
import { ScopeHours } from './scope-hours.ts';

/** How often what was counted is written, in seconds: what a crash may lose. */
const SECONDS_BETWEEN_SAVES = 60;
const SECONDS_PER_HOUR = 3_600;

interface Counted {
  readonly rule: Rule;
  readonly record: ObjectiveRecord;
  readonly scopes: ScopeObjectives;
}

/** How the objective of one scope of a rule stands. */
export type ScopeStanding = { readonly per: ScopeKind; readonly scope: string } & ObjectiveStanding;

/** The objectives of all rules that have one, of each as a whole and by scope, kept over restarts. */
export class Objectives {
  readonly room: ScopeRoom;
  readonly #records: LedgerCopy;
  readonly #hours: ScopeHours;
  readonly #view: ScopeView;
  readonly #log: Logger;
  #byRule = new Map<string, Counted>();
  /** Rules that are no more, of which hours are kept still. */
  readonly #gone = new Set<string>();
  #saved = Number.NEGATIVE_INFINITY;
  #swept = Number.NEGATIVE_INFINITY;

  constructor(records: LedgerCopy, ledger: Ledger, view: ScopeView, limit: number, log: Logger) {
    this.#records = records;
    this.#hours = new ScopeHours(ledger);
    this.#view = view;
    this.#log = log;
    this.room = new ScopeRoom(limit);
  }

  setRules(rules: readonly Rule[]): void {
    const before = this.#byRule;
    this.#byRule = new Map();
    for (const rule of rules) {
      if (rule.objective === null) continue;
      const known = before.get(rule.name);
      this.#byRule.set(rule.name, known?.rule === rule ? known : this.#begin(rule, known));
      before.delete(rule.name);
    }
    for (const [name, { scopes }] of before) {
      scopes.clear();
      this.#gone.add(name);
    }
  }

  /** Takes over what was counted by scope before this process was there. */
  async open(): Promise<void> {
    for (const [name, { scopes }] of this.#byRule) await this.#hours.restore(name, scopes);
  }

  /** Counts a step that stands for so many seconds: pending and breached are bad, ok is good, unknown is neither. */
  count(rules: Iterable<RuleStates>, time: number, seconds: number): void {
    for (const { rule, counts } of rules) {
      const bad = (counts[PENDING] ?? 0) + (counts[BREACHED] ?? 0);
      this.#byRule.get(rule.name)?.record.count(time, seconds, counts[OK] ?? 0, bad);
    }
  }

  /** The same by scope, rule by rule, so that others may have the thread in between. */
  *countScopes(evaluator: Evaluator, time: number, seconds: number): Generator<void> {
    const { refused } = this.room;
    for (const [name, { rule, scopes }] of this.#byRule) {
      if (rule.objective?.per.length === 0) continue;
      scopes.count(evaluator.series(name), time, seconds);
      yield;
    }
    if (refused === 0 && this.room.refused > 0) {
      const { limit } = this.room;
      this.#log.warn(
        { limit },
        'objectives have more scopes than sla.objective_scopes: those that are new are not counted',
      );
    }
  }

  standing(rule: string, time: number): ObjectiveStanding | null {
    return this.#byRule.get(rule)?.record.standing(time) ?? null;
  }

  /** How each scope of a rule stands. */
  *scopes(rule: string, time: number): Generator<ScopeStanding> {
    for (const { per, scope, record } of this.#byRule.get(rule)?.scopes.all() ?? []) {
      yield { per, scope, ...record.standing(time) };
    }
  }

  /** Writes what was counted, once in a while. */
  async save(time: number, lease: Lease): Promise<void> {
    if (time - this.#saved < SECONDS_BETWEEN_SAVES) return;
    const toHour = Math.floor(time / SECONDS_PER_HOUR);
    const fromHour = Math.max(toHour - 1, Math.floor(this.#saved / SECONDS_PER_HOUR));
    this.#saved = time;
    for (const [name, { record, scopes }] of this.#byRule) {
      const hours: ObjectiveHours['hours'] = record.buckets().map(({ hour, good, bad }) => [hour, good, bad] as const);
      if (!(await this.#records.change(() => [{ kind: SLA_OBJECTIVE, id: name, value: { hours } }], lease))) return;
      if (!(await this.#hours.save(name, scopes, fromHour, toHour, lease))) return;
    }
    await this.#sweep(time, lease);
  }

  /** Lets go, every hour, what no objective reaches back to. */
  async #sweep(time: number, lease: Lease): Promise<void> {
    for (const name of this.#gone) {
      this.#gone.delete(name);
      await this.#hours.forget(name, Number.POSITIVE_INFINITY, lease);
    }
    if (time - this.#swept < SECONDS_PER_HOUR) return;
    this.#swept = time;
    for (const [name, { rule, scopes }] of this.#byRule) {
      scopes.sweep(time);
      await this.#hours.forget(name, time - (rule.objective?.period ?? 0), lease);
    }
  }

  #begin(rule: Rule, known: Counted | undefined): Counted {
    const objective = rule.objective as NonNullable<Rule['objective']>;
    const record = new ObjectiveRecord(objective);
    record.restore(known?.record.buckets() ?? this.#kept(rule.name));
    const scopes = new ScopeObjectives(rule, this.room, this.#view);
    const before = [...(known?.scopes.all() ?? [])];
    known?.scopes.clear();
    for (const { per, scope, record: of } of before) {
      for (const { hour, good, bad } of of.buckets()) scopes.restore(per, scope, hour, good, bad);
    }
    this.#gone.delete(rule.name);
    return { rule, record, scopes };
  }

  #kept(rule: string): HourBucket[] {
    const kept = this.#records.get<ObjectiveHours>(SLA_OBJECTIVE, rule);
    return (kept?.hours ?? []).map(([hour, good, bad]) => ({ hour, good, bad }));
  }
}
