import type { Lease, Ledger, LedgerRecord } from '../../model/ledger.ts';
import { SCOPE_KINDS, type ScopeKind } from '../../streams/sla/rule.ts';
import type { ScopeObjectives } from '../../streams/sla/scope-objectives.ts';

/** The kind under which the ledger keeps an hour of a rule's scopes, by `rule/hour`. */
export const SLA_SCOPE_HOUR = 'sla_scope_hour';

const PAGE = 200;
const SECONDS_PER_HOUR = 3_600;
const HOUR_DIGITS = 9;

/** Kind of scope by its place, name, good and bad seconds. */
type Hour = { readonly scopes: readonly (readonly [per: number, scope: string, good: number, bad: number])[] };

/** Keeps what was counted by scope: a record for each rule and hour, of which only the one under way is written again. */
export class ScopeHours {
  readonly #ledger: Ledger;
  readonly #versions = new Map<string, number>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Gives what is kept of a rule to its scopes. */
  async restore(rule: string, to: ScopeObjectives): Promise<void> {
    for await (const { id, value } of this.#of(rule)) {
      const hour = hourOf(id);
      for (const [per, scope, good, bad] of (value as unknown as Hour).scopes) {
        to.restore(SCOPE_KINDS[per] as ScopeKind, scope, hour, good, bad);
      }
    }
  }

  /** Writes the hours from one on. False when the lease is held no longer. */
  async save(rule: string, of: ScopeObjectives, fromHour: number, toHour: number, lease: Lease): Promise<boolean> {
    for (let hour = fromHour; hour <= toHour; hour++) {
      const scopes: Hour['scopes'][number][] = [];
      for (const { per, scope, record } of of.all()) {
        const { good, bad } = record.bucket(hour);
        if (good + bad > 0) scopes.push([SCOPE_KINDS.indexOf(per), scope, good, bad]);
      }
      if (scopes.length > 0 && !(await this.#write(idOf(rule, hour), { scopes }, lease))) return false;
    }
    return true;
  }

  /** Removes the hours before a time, and of a rule that is no more all. */
  async forget(rule: string, before: number, lease: Lease): Promise<void> {
    for await (const { id } of this.#of(rule)) {
      if (hourOf(id) * SECONDS_PER_HOUR >= before) return;
      if (!(await this.#write(id, null, lease))) return;
      this.#versions.delete(id);
    }
  }

  async *#of(rule: string): AsyncGenerator<LedgerRecord> {
    const prefix = `${rule}/`;
    for (let after = prefix; ; ) {
      const page = await this.#ledger.list(SLA_SCOPE_HOUR, after, PAGE);
      for (const record of page) {
        if (!record.id.startsWith(prefix)) return;
        this.#versions.set(record.id, record.version);
        yield record;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.id;
    }
  }

  /** Whoever acts is right: what another wrote before is replaced. */
  async #write(id: string, value: Hour | null, lease: Lease): Promise<boolean> {
    const attempt = (seen: number) =>
      this.#ledger.write([{ kind: SLA_SCOPE_HOUR, id, seen, value: value as never }], lease);
    let written = await attempt(this.#versions.get(id) ?? 0);
    if (written === null) {
      const record = await this.#ledger.get(SLA_SCOPE_HOUR, id);
      written = await attempt(record?.version ?? 0);
    }
    if (written === null) return false;
    this.#versions.set(id, written[0]?.version ?? 0);
    return true;
  }
}

function idOf(rule: string, hour: number): string {
  return `${rule}/${String(hour).padStart(HOUR_DIGITS, '0')}`;
}

function hourOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
