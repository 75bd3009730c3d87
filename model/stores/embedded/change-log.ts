import type { Database, RootDatabase } from 'lmdb';
import { makeRevision, parseRevision, type Revision } from '../../revision.ts';
import type { Change, Followed } from '../../store.ts';
import { decodeLog, encodeLog, type LogRow } from './encode.ts';
import { LogFollower } from './log-follower.ts';

const FOLLOW_BATCH = 1_000;
/** How many of the latest changes are kept as objects, so that a follower that keeps up decodes nothing. */
const RECENT = 1_024;
const MILLIS_PER_SECOND = 1_000;

/**
 * The numbered changes of an embedded store: one record a commit, under the number of its first change. A store that was
 * never written begins its epoch at the present second, so that a store made anew in the same place is told apart.
 */
export class ChangeLog {
  readonly #log: Database<LogRow, number>;
  readonly #meta: Database<number, string>;
  readonly #retention: number;
  readonly #epoch: number;
  #assigned: number;
  #published: number;
  #recent: Change[] = [];
  #waiting: (() => void)[] = [];
  #checkpoint: number;
  #closed = false;

  constructor(root: RootDatabase, retention: number) {
    this.#log = root.openDB<LogRow, number>({ name: 'log', encoding: 'json' });
    this.#meta = root.openDB<number, string>({ name: 'meta', encoding: 'json' });
    this.#retention = retention;
    const known = this.#meta.get('epoch');
    this.#epoch = known ?? Math.floor(Date.now() / MILLIS_PER_SECOND);
    if (known === undefined) this.#meta.putSync('epoch', this.#epoch);
    const [last] = this.#log.getRange({ reverse: true, limit: 1 });
    this.#assigned = last === undefined ? 0 : last.key + last.value[1].length - 1;
    this.#published = this.#assigned;
    this.#checkpoint = last === undefined ? 0 : last.value[2];
  }

  /** The number of the last change that was numbered, published or not. */
  get assigned(): number {
    return this.#assigned;
  }

  /** The changes that the elements on disk do not have yet. */
  *unwritten(): Iterable<Change> {
    const [entry] = this.#log.getRange({ start: this.#checkpoint + 1, reverse: true, limit: 1 });
    for (const { key, value } of this.#log.getRange({ start: entry?.key ?? 0 }))
      yield* decodeLog(this.#epoch, key, value);
  }

  get head(): Revision {
    return makeRevision(this.#epoch, this.#published);
  }

  /** Numbers a change that is about to be appended. */
  next(): Revision {
    this.#assigned += 1;
    return makeRevision(this.#epoch, this.#assigned);
  }

  /**
   * Writes changes just numbered, with the number up to which elements on disk are complete by then; resolves when they are
   * committed. Followers see them after {@link publish}.
   */
  append(changes: readonly Change[], checkpoint: number): Promise<boolean> {
    const first = this.#assigned - changes.length + 1;
    this.#checkpoint = checkpoint;
    this.#trim(Math.min(first - this.#retention, checkpoint));
    return this.#log.put(first, encodeLog(changes, checkpoint));
  }

  publish(changes: readonly Change[]): void {
    this.#published += changes.length;
    this.#recent.push(...changes);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    this.#wake();
  }

  read(revision: Revision): Change | undefined {
    const at = parseRevision(revision);
    if (at === null || at.epoch !== this.#epoch) return undefined;
    const [entry] = this.#log.getRange({ start: at.seq, reverse: true, limit: 1 });
    return entry === undefined ? undefined : decodeLog(this.#epoch, entry.key, entry.value)[at.seq - entry.key];
  }

  follow(after: Revision): AsyncIterable<Followed> {
    return { [Symbol.asyncIterator]: () => new LogFollower(this, after) };
  }

  /** What comes after change number `seq`; null when there is nothing yet. A seq that is not held is answered by a reset. */
  after(seq: number): Followed | null {
    if (seq < 0 || seq > this.#published || (seq < this.#published && seq + 1 < this.#oldest())) {
      return { kind: 'reset', reason: 'behind', head: this.head };
    }
    return seq === this.#published ? null : { kind: 'changes', changes: this.#changesAfter(seq) };
  }

  /** Resolves at the next change, or when the log is closed. */
  async news(ended: Promise<void>): Promise<void> {
    await Promise.race([ended, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #changesAfter(seq: number): Change[] {
    const newest = this.#published - this.#recent.length;
    if (seq >= newest) return this.#recent.slice(seq - newest, seq - newest + FOLLOW_BATCH);
    const [entry] = this.#log.getRange({ start: seq + 1, reverse: true, limit: 1 });
    if (entry === undefined) throw new RangeError(`the change log has no record of ${seq + 1}`);
    return decodeLog(this.#epoch, entry.key, entry.value).slice(seq + 1 - entry.key);
  }

  #oldest(): number {
    const [first] = this.#log.getKeys({ limit: 1 });
    return first ?? 1;
  }

  /** Drops records that begin before `end`, all but the last of them: it may reach beyond. */
  #trim(end: number): void {
    let last: number | undefined;
    for (const key of this.#log.getKeys({ end })) {
      if (last !== undefined) void this.#log.remove(last);
      last = key;
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
