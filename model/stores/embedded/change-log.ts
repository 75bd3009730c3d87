import type { Database, RootDatabase } from 'lmdb';
import { makeRevision, parseRevision, type Revision } from '../../revision.ts';
import type { Change, Followed } from '../../store.ts';
import { decodeLog, encodeLog, type LogRow } from './encode.ts';
import { LogFollower } from './log-follower.ts';

/** How many changes are kept as objects for followers that have not read them yet; who is further behind reads the disk. */
const RECENT = 2_048;
const MILLIS_PER_SECOND = 1_000;

/**
 * The numbered changes of an embedded store: one record a commit, under the number of its first change. A store that was
 * never written begins its epoch at the present second, so that a store made anew in the same place is told apart.
 */
export class ChangeLog {
  readonly #log: Database<LogRow, number>;
  readonly #meta: Database<number, string>;
  readonly #retention: number;
  /** Of all revisions of this store. */
  readonly epoch: number;
  #assigned: number;
  #published: number;
  #recent: Change[] = [];
  readonly #followers = new Set<LogFollower>();
  #checkpoint: number;
  #closed = false;

  constructor(root: RootDatabase, retention: number) {
    this.#log = root.openDB<LogRow, number>({ name: 'log', encoding: 'json' });
    this.#meta = root.openDB<number, string>({ name: 'meta', encoding: 'json' });
    this.#retention = retention;
    const known = this.#meta.get('epoch');
    this.epoch = known ?? Math.floor(Date.now() / MILLIS_PER_SECOND);
    if (known === undefined) this.#meta.putSync('epoch', this.epoch);
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
      yield* decodeLog(this.epoch, key, value);
  }

  get head(): Revision {
    return makeRevision(this.epoch, this.#published);
  }

  /** Numbers a change that is about to be appended. */
  next(): Revision {
    this.#assigned += 1;
    return makeRevision(this.epoch, this.#assigned);
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
    this.#recent = this.#recent.length === 0 ? [...changes] : [...this.#recent, ...changes].slice(-RECENT);
    this.passed();
    this.#wake();
  }

  read(revision: Revision): Change | undefined {
    const at = parseRevision(revision);
    if (at === null || at.epoch !== this.epoch) return undefined;
    const [entry] = this.#log.getRange({ start: at.seq, reverse: true, limit: 1 });
    return entry === undefined ? undefined : decodeLog(this.epoch, entry.key, entry.value)[at.seq - entry.key];
  }

  follow(after: Revision): AsyncIterable<Followed> {
    return {
      [Symbol.asyncIterator]: () => {
        const follower = new LogFollower(this, after);
        this.#followers.add(follower);
        return follower;
      },
    };
  }

  /** What comes after change number `seq`; null when there is nothing yet. A seq that is not held is answered by a reset. */
  after(seq: number): Followed | null {
    if (seq < 0 || seq > this.#published || (seq < this.#published && seq + 1 < this.#oldest())) {
      return { kind: 'reset', reason: 'behind', head: this.head };
    }
    return seq === this.#published ? null : { kind: 'changes', changes: this.#changesAfter(seq) };
  }

  /** A follower has read on: what all have read is let go of at once, so that it dies young. */
  passed(): void {
    let unread = 0;
    for (const { seq } of this.#followers) unread = Math.max(unread, this.#published - seq);
    if (unread < this.#recent.length) this.#recent = unread === 0 ? [] : this.#recent.slice(-unread);
  }

  leave(follower: LogFollower): void {
    this.#followers.delete(follower);
    this.passed();
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
    if (seq >= newest) return this.#recent.slice(seq - newest);
    const [entry] = this.#log.getRange({ start: seq + 1, reverse: true, limit: 1 });
    if (entry === undefined) throw new RangeError(`the change log has no record of ${seq + 1}`);
    return decodeLog(this.epoch, entry.key, entry.value).slice(seq + 1 - entry.key);
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
    for (const follower of this.#followers) follower.wake();
  }
}
