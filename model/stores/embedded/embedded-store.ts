import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import type { ElementKey } from '../../element.ts';
import type { Fact } from '../../fact.ts';
import { foldFacts, heldFacts, joinFacts } from '../../join.ts';
import { makeRevision, type Revision } from '../../revision.ts';
import type { Change, Committed, Followed, ModelStore, RecordPage, StoredRecord, StoreHealth } from '../../store.ts';
import { ChangeLog } from './change-log.ts';
import { ElementTable, type HeldElement } from './element-table.ts';
import { EmbeddedLedger } from './embedded-ledger.ts';
import { type Lock, lockDirectory } from './lock.ts';
import { RecordShelf } from './record-shelf.ts';

export interface EmbeddedStoreOptions {
  /** The directory the data is kept in; made when absent. One process at a time. */
  readonly path: string;
  /** How many changes are kept for followers and explanations. */
  readonly retention?: number;
  /** Forgets whatever is there from before. */
  readonly fresh?: boolean;
}

const DEFAULT_RETENTION = 200_000;
/** The log may be so many times as long as is asked for, for elements that are not written yet. */
const LONGEST_LOG = 4;
const SCAN_BATCH = 500;
const MAX_DATABASES = 8;
const LMDB_FILES = ['data.mdb', 'lock.mdb'];

/**
 * The store of a single process: LMDB on local disk, with the joined state also in memory so that a commit reads nothing.
 * A commit is safe against the end of this process when it resolves (it is in the page cache through LMDB's map) and is
 * flushed to disk right after; what a power failure can take is the last moments, which the next reconcile tells again.
 * When a write fails the store stops for good, with the reason: its memory would be ahead of its disk.
 */
export class EmbeddedStore implements ModelStore {
  readonly ledger: EmbeddedLedger;
  readonly #path: string;
  readonly #root: RootDatabase;
  readonly #elements: ElementTable;
  readonly #log: ChangeLog;
  readonly #records: RecordShelf;
  readonly #lock: Lock;
  #writing: Promise<unknown> = Promise.resolve();
  #failure: Error | null = null;

  private constructor(options: EmbeddedStoreOptions, lock: Lock) {
    const retention = options.retention ?? DEFAULT_RETENTION;
    this.#path = options.path;
    this.#lock = lock;
    this.#root = open({ path: options.path, maxDbs: MAX_DATABASES, encoding: 'json', cache: false });
    this.#elements = new ElementTable(this.#root, LONGEST_LOG * retention);
    this.#log = new ChangeLog(this.#root, retention);
    this.#records = new RecordShelf(this.#root);
    this.ledger = new EmbeddedLedger(this.#root);
    for (const change of this.#log.unwritten()) this.#elements.recover(change);
  }

  /** Opens (or makes) a store; fails when another process has it open. */
  static async open(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
    let lock: Lock | undefined;
    try {
      lock = await lockDirectory(options.path);
      if (options.fresh === true) await forget(options.path);
      return new EmbeddedStore(options, lock);
    } catch (error) {
      await lock?.release();
      throw new Error(`cannot open the embedded store in ${options.path}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  async head(): Promise<Revision> {
    return this.#log.head;
  }

  async *scan(): AsyncIterable<readonly Fact[]> {
    let batch: Fact[] = [];
    for (const [element, held] of this.#elements.entries()) {
      for (const fact of heldFacts(element, held)) batch.push(fact);
      if (batch.length < SCAN_BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async commit(facts: readonly Fact[]): Promise<Committed> {
    this.#refuseAtRest();
    const changes: Change[] = [];
    let won = 0;
    for (const [element, told] of foldFacts(facts)) {
      const held = this.#elements.hold(element);
      const winners = joinFacts(held, told);
      if (winners.length === 0) continue;
      won += winners.length;
      changes.push(this.#numbered(held, winners));
      this.#elements.changed(held, this.#log.epoch, this.#log.assigned);
    }
    await this.#write(changes);
    return { revision: changes.at(-1)?.revision ?? this.#log.head, won, lost: facts.length - won };
  }

  async collect(elements: readonly ElementKey[]): Promise<Committed> {
    this.#refuseAtRest();
    const known = elements.flatMap((element) => this.#elements.get(element) ?? []);
    const changes = known.map((held) => this.#numbered(held, []));
    for (const { key } of known) this.#elements.remove(key);
    await this.#write(changes);
    return { revision: changes.at(-1)?.revision ?? this.#log.head, won: 0, lost: 0 };
  }

  follow(after: Revision): AsyncIterable<Followed> {
    return this.#log.follow(after);
  }

  async history(element: ElementKey, limit: number): Promise<readonly Change[]> {
    this.#refuseAtRest();
    const found: Change[] = [];
    let next = lastChange(this.#elements.get(element));
    while (next !== null && found.length < limit) {
      const change: Change | undefined = this.#log.read(next);
      if (change === undefined || change.element !== element) break;
      found.push(change);
      next = change.previous;
    }
    return found;
  }

  async putRecords(kind: string, records: readonly StoredRecord[], limit: number): Promise<void> {
    this.#refuseAtRest();
    return this.#records.put(kind, records, limit);
  }

  async listRecords(kind: string, after: string | null, limit: number): Promise<RecordPage> {
    this.#refuseAtRest();
    return this.#records.list(kind, after, limit);
  }

  async health(): Promise<StoreHealth> {
    const problems = this.#failure === null ? [] : [`writing failed, restart after mending: ${this.#failure.message}`];
    return { kind: 'embedded', location: this.#path, problems };
  }

  async close(): Promise<void> {
    this.#log.close();
    this.ledger.close();
    await this.#writing.catch(() => undefined);
    await this.#root.flushed;
    await this.#root.close();
    await this.#lock.release();
  }

  /** A change of an element with the next revision. */
  #numbered(held: HeldElement, facts: readonly Fact[]): Change {
    return { revision: this.#log.next(), element: held.key, facts, previous: lastChange(held) };
  }

  /** All writes of one event turn are one transaction: the log and the elements cannot part. */
  async #write(changes: readonly Change[]): Promise<void> {
    const head = this.#log.assigned;
    if (changes.length > 0) {
      this.#elements.write(head);
      this.#writing = this.#log.append(changes, this.#elements.checkpoint(head));
    }
    try {
      // Also when nothing changed: what was known already may still be on its way to the disk.
      await this.#writing;
    } catch (error) {
      this.#failure = await this.#writeError(error as Error & { readonly commitError?: Promise<Error> });
      throw this.#failure;
    }
    if (changes.length > 0) this.#log.publish(changes);
  }

  /** LMDB rejects with a remark that the reason is in another promise. */
  async #writeError({ message, commitError }: Error & { readonly commitError?: Promise<Error> }): Promise<Error> {
    const reason = commitError === undefined ? message : (await commitError.catch((error: Error) => error)).message;
    return new Error(`cannot write to the embedded store in ${this.#path}: ${reason}`);
  }

  /** LMDB, once it is closed, takes the process with it when it is read. */
  #refuseAtRest(): void {
    if (this.#log.closed) throw new Error(`the embedded store in ${this.#path} is closed`);
    if (this.#failure === null) return;
    throw new Error(`the embedded store in ${this.#path} stopped: ${this.#failure.message}`, { cause: this.#failure });
  }
}

/** Removes LMDB's files and nothing else, should the directory hold more. */
async function forget(path: string): Promise<void> {
  await Promise.all(LMDB_FILES.map((file) => rm(join(path, file), { force: true })));
}

function lastChange(held: HeldElement | undefined): Revision | null {
  return held === undefined || held.seq === 0 ? null : makeRevision(held.epoch, held.seq);
}

export function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<ModelStore> {
  return EmbeddedStore.open(options);
}
