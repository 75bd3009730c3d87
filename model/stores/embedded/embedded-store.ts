import { type Database, open, type RootDatabase } from 'lmdb';
import type { ElementKey } from '../../element.ts';
import type { Fact } from '../../fact.ts';
import { foldFacts, joinFacts, type Registers } from '../../join.ts';
import { makeRevision, parseRevision, type Revision } from '../../revision.ts';
import type { Change, Committed, Followed, ModelStore, RecordPage, StoredRecord, StoreHealth } from '../../store.ts';
import { ChangeLog } from './change-log.ts';
import { decodeElement, type ElementRow, encodeElement } from './encode.ts';
import { type Lock, lockDirectory } from './lock.ts';
import { RecordShelf } from './record-shelf.ts';

export interface EmbeddedStoreOptions {
  /** The directory the data is kept in; made when absent. One process at a time. */
  readonly path: string;
  /** How many changes are kept for followers and explanations. */
  readonly retention?: number;
}

/** An element as it is held in memory, beside its record on disk. */
interface Held {
  readonly registers: Registers;
  epoch: number;
  seq: number;
}

const DEFAULT_RETENTION = 200_000;
const SCAN_BATCH = 500;
const MAX_DATABASES = 8;

/**
 * The store of a single process: LMDB on local disk, with the joined state also in memory so that a commit reads nothing.
 * A commit is safe against the end of this process when it resolves (it is in the page cache through LMDB's map) and is
 * flushed to disk right after; what a power failure can take is the last moments, which the next reconcile tells again.
 * When a write fails the store stops for good, with the reason: its memory would be ahead of its disk.
 */
export class EmbeddedStore implements ModelStore {
  readonly #path: string;
  readonly #root: RootDatabase;
  readonly #elements: Database<ElementRow, ElementKey>;
  readonly #log: ChangeLog;
  readonly #records: RecordShelf;
  readonly #lock: Lock;
  readonly #held = new Map<ElementKey, Held>();
  #failure: Error | null = null;

  private constructor(options: EmbeddedStoreOptions, lock: Lock) {
    this.#path = options.path;
    this.#lock = lock;
    this.#root = open({ path: options.path, maxDbs: MAX_DATABASES, encoding: 'json', cache: false });
    this.#elements = this.#root.openDB<ElementRow, ElementKey>({ name: 'elements', encoding: 'json' });
    this.#log = new ChangeLog(this.#root, options.retention ?? DEFAULT_RETENTION);
    this.#records = new RecordShelf(this.#root);
    for (const { key, value } of this.#elements.getRange()) {
      const registers: Registers = new Map(decodeElement(key, value).map((fact) => [fact.register, fact]));
      this.#held.set(key, { registers, epoch: value[0], seq: value[1] });
    }
  }

  /** Opens (or makes) a store; fails when another process has it open. */
  static async open(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
    const lock = await lockDirectory(options.path);
    try {
      return new EmbeddedStore(options, lock);
    } catch (error) {
      await lock.release();
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
    for (const held of this.#held.values()) {
      for (const fact of held.registers.values()) batch.push(fact);
      if (batch.length < SCAN_BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async commit(facts: readonly Fact[]): Promise<Committed> {
    this.#refuseAfterFailure();
    const changes: Change[] = [];
    for (const [element, statements] of foldFacts(facts)) {
      const held = this.#held.get(element) ?? this.#begin(element);
      const won = joinFacts(held.registers, statements.values());
      if (won.length > 0) changes.push(this.#step(element, held, won));
    }
    await this.#write(changes);
    const won = changes.reduce((sum, change) => sum + change.facts.length, 0);
    return { revision: changes.at(-1)?.revision ?? this.#log.head, won, lost: facts.length - won };
  }

  async collect(elements: readonly ElementKey[]): Promise<Committed> {
    this.#refuseAfterFailure();
    const changes: Change[] = [];
    for (const element of elements) {
      const held = this.#held.get(element);
      if (held === undefined) continue;
      changes.push(this.#step(element, held, []));
      this.#held.delete(element);
    }
    await this.#write(changes);
    return { revision: changes.at(-1)?.revision ?? this.#log.head, won: 0, lost: 0 };
  }

  follow(after: Revision): AsyncIterable<Followed> {
    return this.#log.follow(after);
  }

  async history(element: ElementKey, limit: number): Promise<readonly Change[]> {
    const held = this.#held.get(element);
    const found: Change[] = [];
    let next: Revision | null = held === undefined ? null : makeRevision(held.epoch, held.seq);
    while (next !== null && found.length < limit) {
      const change: Change | undefined = this.#log.read(next);
      if (change === undefined || change.element !== element) break;
      found.push(change);
      next = change.previous;
    }
    return found;
  }

  putRecords(kind: string, records: readonly StoredRecord[], limit: number): Promise<void> {
    return this.#records.put(kind, records, limit);
  }

  async listRecords(kind: string, after: string | null, limit: number): Promise<RecordPage> {
    return this.#records.list(kind, after, limit);
  }

  async health(): Promise<StoreHealth> {
    const problems = this.#failure === null ? [] : [`writing failed, restart after mending: ${this.#failure.message}`];
    return { kind: 'embedded', location: this.#path, problems };
  }

  async close(): Promise<void> {
    this.#log.close();
    await this.#root.flushed;
    await this.#root.close();
    await this.#lock.release();
  }

  #begin(element: ElementKey): Held {
    const held: Held = { registers: new Map(), epoch: 0, seq: 0 };
    this.#held.set(element, held);
    return held;
  }

  #step(element: ElementKey, held: Held, facts: readonly Fact[]): Change {
    const previous = held.seq === 0 ? null : makeRevision(held.epoch, held.seq);
    const revision = this.#log.next();
    const { epoch, seq } = parseRevision(revision) ?? { epoch: 0, seq: 0 };
    held.epoch = epoch;
    held.seq = seq;
    return { revision, element, facts, previous };
  }

  async #write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    // All writes of one event turn are one transaction: the log and the elements cannot part.
    const written = this.#log.append(changes);
    for (const { element } of changes) {
      const held = this.#held.get(element);
      if (held === undefined) void this.#elements.remove(element);
      else void this.#elements.put(element, encodeElement(held.epoch, held.seq, held.registers.values()));
    }
    try {
      await written;
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
    this.#log.publish(changes);
  }

  #refuseAfterFailure(): void {
    if (this.#failure === null) return;
    throw new Error(`the embedded store in ${this.#path} stopped: ${this.#failure.message}`, { cause: this.#failure });
  }
}

export function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<ModelStore> {
  return EmbeddedStore.open(options);
}
