import { performance } from 'node:perf_hooks';
import type { Database, RootDatabase } from 'lmdb';
import type { Value } from '../../fact.ts';
import type { Lease, Ledger, LedgerEvent, LedgerRecord, LedgerWrite } from '../../ledger.ts';
import { LedgerFollower } from './ledger-follower.ts';

type RecordKey = [kind: string, id: string];
type Row = readonly [version: number, value: Value];

/** Sorts after every id. */
const LAST = '\u{10ffff}';
/** Keys of the table of numbers: a kind's greatest version ever removed, and a lease's last token. */
const REMOVED = 'removed';
const TOKEN = 'token';

interface Held {
  readonly lease: Lease;
  /** When it ends, by this process's steady clock, in milliseconds. */
  readonly until: number;
}

/**
 * The ledger of a single process, in LMDB. As the process has the directory for itself, leases are in memory: those of a
 * process that ended are free. Their tokens are on disk, so that they grow over restarts.
 */
export class EmbeddedLedger implements Ledger {
  readonly #rows: Database<Row, RecordKey>;
  readonly #numbers: Database<number, [string, string]>;
  readonly #leases = new Map<string, Held>();
  readonly #followers = new Set<LedgerFollower>();
  #closed = false;

  constructor(root: RootDatabase) {
    this.#rows = root.openDB<Row, RecordKey>({ name: 'ledger', encoding: 'json' });
    this.#numbers = root.openDB<number, [string, string]>({ name: 'ledger-numbers', encoding: 'json' });
  }

  async get(kind: string, id: string): Promise<LedgerRecord | null> {
    this.#refuseWhenClosed();
    const row = this.#rows.get([kind, id]);
    return row === undefined ? null : { kind, id, version: row[0], value: row[1] };
  }

  async list(kind: string, after: string | null, limit: number): Promise<readonly LedgerRecord[]> {
    this.#refuseWhenClosed();
    const range = { start: [kind, after === null ? '' : `${after}\0`], end: [kind, LAST], limit } as const;
    const found = this.#rows.getRange(range as { start: RecordKey; end: RecordKey; limit: number });
    return [...found].map(({ key, value: [version, value] }) => ({ kind, id: key[1], version, value }));
  }

  async write(writes: readonly LedgerWrite[], lease?: Lease): Promise<readonly LedgerRecord[] | null> {
    this.#refuseWhenClosed();
    const records = await this.#rows.transaction(() => {
      const stands = lease === undefined || this.#holds(lease);
      if (!stands || !writes.every(({ kind, id, seen }) => this.#version(kind, id) === seen)) return null;
      return writes.map((write) => this.#put(write));
    });
    if (records !== null && records.length > 0) for (const follower of this.#followers) follower.tell(records);
    return records;
  }

  follow(): AsyncIterable<LedgerEvent> {
    const follower = new LedgerFollower((left) => this.#followers.delete(left));
    if (this.#closed) follower.end();
    else this.#followers.add(follower);
    return { [Symbol.asyncIterator]: () => follower };
  }

  async lease(name: string, holder: string, millis: number): Promise<Lease | null> {
    this.#refuseWhenClosed();
    const held = this.#leases.get(name);
    if (held !== undefined && held.lease.holder !== holder && performance.now() < held.until) return null;
    const lease = held?.lease.holder === holder ? held.lease : { name, holder, token: this.#nextToken(name) };
    this.#leases.set(name, { lease, until: performance.now() + millis });
    return lease;
  }

  async release(lease: Lease): Promise<void> {
    if (this.#leases.get(lease.name)?.lease.token === lease.token) this.#leases.delete(lease.name);
  }

  close(): void {
    this.#closed = true;
    for (const follower of this.#followers) follower.end();
  }

  #version(kind: string, id: string): number {
    return this.#rows.get([kind, id])?.[0] ?? 0;
  }

  #put({ kind, id, seen, value }: LedgerWrite): LedgerRecord {
    const removed = this.#numbers.get([REMOVED, kind]) ?? 0;
    const version = (seen === 0 ? removed : seen) + 1;
    if (value === null) {
      void this.#rows.remove([kind, id]);
      if (version > removed) void this.#numbers.put([REMOVED, kind], version);
    } else void this.#rows.put([kind, id], [version, value]);
    return { kind, id, version, value };
  }

  #holds(lease: Lease): boolean {
    const held = this.#leases.get(lease.name);
    return held !== undefined && held.lease.token === lease.token && performance.now() < held.until;
  }

  #nextToken(name: string): number {
    const token = (this.#numbers.get([TOKEN, name]) ?? 0) + 1;
    this.#numbers.putSync([TOKEN, name], token);
    return token;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error("the ledger's store is closed");
  }
}
