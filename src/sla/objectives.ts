import type { Lease } from '../../model/ledger.ts';
import { ObjectiveRecord, type ObjectiveStanding } from '../../streams/sla/objective.ts';
import type { Rule } from '../../streams/sla/rule.ts';
import type { RuleStates } from '../../streams/sla/rule-states.ts';
import { BREACHED, OK, PENDING } from '../../streams/sla/state.ts';
import { type ObjectiveHours, SLA_OBJECTIVE } from './incident-record.ts';
import type { LedgerCopy } from './records.ts';

/** How often what was counted is written, in seconds: what a crash may lose. */
const SECONDS_BETWEEN_SAVES = 60;

/** The objectives of all rules that have one, kept over restarts. */
export class Objectives {
  readonly #records: LedgerCopy;
  #byRule = new Map<string, { readonly rule: Rule; readonly record: ObjectiveRecord }>();
  #saved = Number.NEGATIVE_INFINITY;

  constructor(records: LedgerCopy) {
    this.#records = records;
  }

  setRules(rules: readonly Rule[]): void {
    const before = this.#byRule;
    this.#byRule = new Map();
    for (const rule of rules) {
      if (rule.objective === null) continue;
      const known = before.get(rule.name);
      const record = new ObjectiveRecord(rule.objective);
      record.restore(known?.record.buckets() ?? this.#kept(rule.name));
      this.#byRule.set(rule.name, { rule, record });
    }
  }

  /** Counts a step that stands for so many seconds: pending and breached are bad, ok is good, unknown is neither. */
  count(rules: Iterable<RuleStates>, time: number, seconds: number): void {
    for (const { rule, counts } of rules) {
      const bad = (counts[PENDING] ?? 0) + (counts[BREACHED] ?? 0);
      this.#byRule.get(rule.name)?.record.count(time, seconds, counts[OK] ?? 0, bad);
    }
  }

  standing(rule: string, time: number): ObjectiveStanding | null {
    return this.#byRule.get(rule)?.record.standing(time) ?? null;
  }

  /** Writes what was counted, once in a while. */
  async save(time: number, lease: Lease): Promise<void> {
    if (time - this.#saved < SECONDS_BETWEEN_SAVES) return;
    this.#saved = time;
    for (const [name, { record }] of this.#byRule) {
      const hours: ObjectiveHours['hours'] = record.buckets().map(({ hour, good, bad }) => [hour, good, bad] as const);
      if (!(await this.#records.change(() => [{ kind: SLA_OBJECTIVE, id: name, value: { hours } }], lease))) return;
    }
  }

  #kept(rule: string): { hour: number; good: number; bad: number }[] {
    const kept = this.#records.get<ObjectiveHours>(SLA_OBJECTIVE, rule);
    return (kept?.hours ?? []).map(([hour, good, bad]) => ({ hour, good, bad }));
  }
}
