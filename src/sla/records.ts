import { Subject } from 'rxjs';
import type { Value } from '../../model/fact.ts';
import type { Lease, Ledger, LedgerRecord, LedgerWrite } from '../../model/ledger.ts';
import { keepUp } from '../ledger/keep-up.ts';
import { pagesOf } from '../ledger/pages.ts';
import { rewrite } from '../ledger/rewrite.ts';

/** What was removed is remembered for so many further removals: longer than something old is told again. */
const REMOVED_KEPT = 1_000;

/** What is to be written: a value under an id, or null to remove it. */
export interface RecordChange {
  readonly kind: string;
  readonly id: string;
  readonly value: Value;
}

/** This process's copy of some kinds of the ledger's records; what this process writes is in it once that resolves. */
export class LedgerCopy {
  /** The kind of what changed, or null after everything was read anew. */
  readonly changed$ = new Subject<string | null>();
  readonly #ledger: Ledger;
  readonly #kinds: ReadonlyMap<string, Map<string, LedgerRecord>>;
  readonly #removed: { readonly kind: string; readonly id: string }[] = [];

  constructor(ledger: Ledger, kinds: readonly string[]) {
    this.#ledger = ledger;
    this.#kinds = new Map(kinds.map((kind) => [kind, new Map()]));
  }

  /** The values of a kind by id; whoever wrote them vouches for their type. */
  *values<T>(kind: string): Generator<readonly [id: string, value: T]> {
    for (const [id, { value }] of this.#of(kind)) if (value !== null) yield [id, value as unknown as T];
  }

  get<T>(kind: string, id: string): T | undefined {
    return (this.#of(kind).get(id)?.value ?? undefined) as T | undefined;
  }

  /** The version of a record, that changes with it; 0 when it was never there. */
  version(kind: string, id: string): number {
    return this.#of(kind).get(id)?.version ?? 0;
  }

  /** Resolves once everything is in the copy; `ended` settles when following ends. */
  open(): Promise<{ readonly ended: Promise<void> }> {
    return keepUp(this.#ledger, { load: () => this.#load(), take: (records) => this.#take(records) });
  }

  /**
   * Writes what `compose` makes of the present copy, all or nothing; composes again when others were faster. False when the
   * lease is held no longer: then nothing was written.
   *
   * @throws whatever compose throws
   */
  change(compose: () => readonly RecordChange[], lease?: Lease): Promise<boolean> {
    const composed = (): readonly LedgerWrite[] => compose().map((change) => this.#write(change));
    return rewrite(this.#ledger, { take: (records) => this.#take(records) }, composed, lease);
  }

  #write({ kind, id, value }: RecordChange): LedgerWrite {
    // What others follow is only ever made here.
    const held = this.#kinds.get(kind)?.get(id);
    return { kind, id, value, seen: held === undefined || held.value === null ? 0 : held.version };
  }

  async #load(): Promise<void> {
    for (const [kind, records] of this.#kinds) {
      records.clear();
      for await (const page of pagesOf(this.#ledger, kind)) for (const record of page) records.set(record.id, record);
    }
    this.changed$.next(null);
  }

  #take(records: readonly LedgerRecord[]): void {
    const changed = new Set<string>();
    for (const record of records) {
      const held = this.#kinds.get(record.kind);
      if (held === undefined || (held.get(record.id)?.version ?? 0) >= record.version) continue;
      held.set(record.id, record);
      if (record.value === null) this.#forgetLater(record);
      changed.add(record.kind);
    }
    for (const kind of changed) this.changed$.next(kind);
  }

  #forgetLater({ kind, id }: LedgerRecord): void {
    this.#removed.push({ kind, id });
    if (this.#removed.length <= REMOVED_KEPT) return;
    const oldest = this.#removed.shift();
    if (oldest !== undefined && this.#of(oldest.kind).get(oldest.id)?.value === null) {
      this.#of(oldest.kind).delete(oldest.id);
    }
  }

  #of(kind: string): Map<string, LedgerRecord> {
    const records = this.#kinds.get(kind);
    if (records === undefined) throw new RangeError(`records of kind ${kind} are not followed here`);
    return records;
  }
}
