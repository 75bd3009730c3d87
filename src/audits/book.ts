import { Subject } from 'rxjs';
import type { Value } from '../../model/fact.ts';
import type { Lease, Ledger, LedgerRecord, LedgerWrite } from '../../model/ledger.ts';
import { keepUp } from '../ledger/keep-up.ts';
import { pagesOf } from '../ledger/pages.ts';
import { rewrite } from '../ledger/rewrite.ts';
import type { Action } from './action.ts';
import type { ActionPlan } from './action-plan.ts';
import type { Audit } from './audit.ts';
import { AUDIT_REQUEST, type AuditRequest } from './audit-request.ts';
import type { AuditTemplate } from './audit-template.ts';
import { AUTOMATION, type Automation, RUNNING } from './automation.ts';
import { Changes } from './changes.ts';
import { isKind, KINDS, type Kind, type Kinds } from './kinds.ts';
import { SEQUENCE } from './sequence.ts';
import { Table } from './table.ts';

/** A record that was written, or that the copy was made anew. */
export type BookEvent =
  | { readonly kind: Kind; readonly uuid: string }
  | { readonly kind: typeof AUDIT_REQUEST | typeof AUTOMATION | 'reset' };

/**
 * This process's copy of the ledger's audits, plans and actions: all reading is done here, in memory. What this process
 * writes is in it as soon as the writing resolves; what others write, a moment later.
 */
export class Book {
  readonly templates = new Table<AuditTemplate>();
  readonly audits = new Table<Audit>();
  readonly plans = new Table<ActionPlan>();
  readonly actions = new Table<Action>();
  /** By id. */
  readonly requests = new Map<string, AuditRequest>();
  /** Emits after each change of the copy, whoever made it. */
  readonly changed$ = new Subject<BookEvent>();
  readonly #ledger: Ledger;
  /** Versions and values of the records without a table. */
  readonly #others = new Map<string, LedgerRecord>();
  readonly #tables = {
    audit_template: this.templates,
    audit: this.audits,
    action_plan: this.plans,
    action: this.actions,
  };

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Whether automatic action is paused, and by whom. */
  get automation(): Automation {
    return (this.#others.get(AUTOMATION)?.value as Automation | undefined) ?? RUNNING;
  }

  /** The audit a plan or an action comes of; undefined once it is deleted. */
  auditOf({ auditUuid }: ActionPlan | Action): Audit | undefined {
    const audit = this.audits.get(auditUuid);
    return audit?.deletedAt === null ? audit : undefined;
  }

  table<K extends Kind>(kind: K): Table<Kinds[K]> {
    return this.#tables[kind] as unknown as Table<Kinds[K]>;
  }

  /** Resolves once everything that the ledger holds is in the copy; `ended` then settles when following ends. */
  open(): Promise<{ readonly ended: Promise<void> }> {
    return keepUp(this.#ledger, { load: () => this.#load(), take: (records) => this.#take(records) });
  }

  /**
   * Writes what `compose` makes of the present state, all or nothing; composes again when others were faster. False when the
   * lease under which it was to be done is no longer held: then nothing was written.
   *
   * @throws whatever compose throws
   */
  change(compose: (changes: Changes) => void, lease?: Lease): Promise<boolean> {
    const composed = (): readonly LedgerWrite[] => {
      const changes = new Changes(this, (key) => this.#others.get(key));
      compose(changes);
      return changes.writes();
    };
    return rewrite(this.#ledger, { take: (records) => this.#take(records) }, composed, lease);
  }

  async #load(): Promise<void> {
    for (const table of Object.values(this.#tables)) table.clear();
    this.requests.clear();
    this.#others.clear();
    for (const kind of [...KINDS, AUDIT_REQUEST, AUTOMATION, SEQUENCE]) {
      for await (const page of pagesOf(this.#ledger, kind)) for (const record of page) this.#put(record);
    }
    this.changed$.next({ kind: 'reset' });
  }

  /** All of them first, so that whoever is told sees the whole of a transaction. */
  #take(records: readonly LedgerRecord[]): void {
    const taken = records.filter((record) => this.#put(record));
    for (const { kind, id } of taken) {
      if (isKind(kind)) this.changed$.next({ kind, uuid: id });
      else if (kind === AUDIT_REQUEST || kind === AUTOMATION) this.changed$.next({ kind });
    }
  }

  #put({ kind, id, version, value }: LedgerRecord): boolean {
    if (isKind(kind)) return this.#tables[kind].put(id, version, value as unknown as never);
    if (kind !== AUDIT_REQUEST && kind !== AUTOMATION && kind !== SEQUENCE) return false;
    const key = kind === AUTOMATION ? AUTOMATION : `${kind}/${id}`;
    if ((this.#others.get(key)?.version ?? 0) >= version) return false;
    if (value === null) this.#others.delete(key);
    else this.#others.set(key, { kind, id, version, value });
    if (kind === AUDIT_REQUEST) this.#request(id, value);
    return true;
  }

  #request(id: string, value: Value): void {
    if (value === null) this.requests.delete(id);
    else this.requests.set(id, value as unknown as AuditRequest);
  }
}
