import type { Value } from '../../model/fact.ts';
import type { LedgerRecord, LedgerWrite } from '../../model/ledger.ts';
import { AUDIT_REQUEST, type AuditRequest } from './audit-request.ts';
import { AUTOMATION, type Automation } from './automation.ts';
import type { Kind, Kinds } from './kinds.ts';
import { SEQUENCE } from './sequence.ts';

/** The state that a transaction starts from. */
interface Present {
  table<K extends Kind>(kind: K): { get(uuid: string): Kinds[K] | undefined; version(uuid: string): number };
}

/** What a transaction is going to write; reads in it see what it put before. */
export class Changes {
  readonly #book: Present;
  readonly #other: (key: string) => LedgerRecord | undefined;
  readonly #writes = new Map<string, LedgerWrite>();

  constructor(book: Present, other: (key: string) => LedgerRecord | undefined) {
    this.#book = book;
    this.#other = other;
  }

  get<K extends Kind>(kind: K, uuid: string): Kinds[K] | undefined {
    const written = this.#writes.get(`${kind}/${uuid}`);
    return written === undefined ? this.#book.table(kind).get(uuid) : ((written.value ?? undefined) as Kinds[K]);
  }

  put<K extends Kind>(kind: K, record: Kinds[K]): void {
    this.#write(kind, record.uuid, this.#book.table(kind).version(record.uuid), record);
  }

  /** Forgets a record for good; deletion by clients only marks it. */
  remove(kind: Kind, uuid: string): void {
    this.#write(kind, uuid, this.#book.table(kind).version(uuid), null);
  }

  /** The next number of a kind. */
  number(kind: Kind): number {
    const key = `${SEQUENCE}/${kind}`;
    const known = this.#other(key);
    const last = Number(this.#writes.get(key)?.value ?? known?.value ?? 0);
    this.#write(SEQUENCE, kind, known?.version ?? 0, last + 1);
    return last + 1;
  }

  /** Takes a request away, to be answered in this transaction; null when it is answered already. */
  take(request: string): AuditRequest | null {
    const known = this.#other(`${AUDIT_REQUEST}/${request}`);
    if (known === undefined) return null;
    this.#write(AUDIT_REQUEST, request, known.version, null);
    return known.value as unknown as AuditRequest;
  }

  automation(automation: Automation): void {
    this.#write(AUTOMATION, AUTOMATION, this.#other(AUTOMATION)?.version ?? 0, automation);
  }

  writes(): readonly LedgerWrite[] {
    return [...this.#writes.values()];
  }

  #write(kind: string, id: string, seen: number, value: Value): void {
    this.#writes.set(`${kind}/${id}`, { kind, id, seen, value });
  }
}
