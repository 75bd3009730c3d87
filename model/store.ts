import type { ElementKey } from './element.ts';
import type { Fact, Value } from './fact.ts';
import type { Ledger } from './ledger.ts';
import type { Revision } from './revision.ts';

/** What a commit changed in one element, at one place of the stream. */
export interface Change {
  readonly revision: Revision;
  readonly element: ElementKey;
  /** The facts that won, one a register. Empty when the element's tombstone was collected. */
  readonly facts: readonly Fact[];
  /** The element's change before this one, so that earlier causes can be walked; null for its first. */
  readonly previous: Revision | null;
}

/** What a commit did. `revision` is that of its last change, or the head when nothing changed. */
export interface Committed {
  readonly revision: Revision;
  /** Facts that won, and facts that were already known or overtaken. */
  readonly won: number;
  readonly lost: number;
}

/** What a follower reads: changes in order, or that the stream cannot be continued from where it stood. */
export type Followed =
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  /**
   * `behind`: the changes after the follower's revision are no longer held; scan again.
   * `lost`: the store lost data and began a new epoch; commit what is held again, then scan again.
   */
  | { readonly kind: 'reset'; readonly reason: 'behind' | 'lost'; readonly head: Revision };

/** Something kept beside the model that is never changed, only dropped (a dead letter). Ids sort in the order of creation. */
export interface StoredRecord {
  readonly id: string;
  readonly value: Value;
}

export interface RecordPage {
  readonly records: readonly StoredRecord[];
  /** Records held, and records ever put (the difference was dropped at the kind's limit or deleted). */
  readonly held: number;
  readonly ever: number;
}

/** What an operator should know about how safe the data is; `problems` says what to mend, one sentence each. */
export interface StoreHealth {
  readonly kind: string;
  readonly location: string;
  readonly problems: readonly string[];
}

/**
 * The port through which a cloud's model is kept. A store knows opaque values and clocks that sort, nothing of nova.
 *
 * Promised: a commit is atomic per element and durable against the end of this process when its promise resolves; the
 * state is always the join of all facts ever committed, whatever the order and however many processes write; `scan` after
 * `head` and then `follow(head)` misses nothing (it may tell some things twice; joining makes that harmless); revisions
 * never go back. Deliberately not in it: connections, transactions, queries (these are the replica's), any wait for order.
 */
export interface ModelStore {
  /** The records of programs, in the same place. */
  readonly ledger: Ledger;
  /** The revision of the last change. */
  head(): Promise<Revision>;
  /** All elements, in batches of facts; an element's facts are all in one batch. */
  scan(): AsyncIterable<readonly Fact[]>;
  /** Joins facts into the state. Facts of one element and register may occur more than once. */
  commit(facts: readonly Fact[]): Promise<Committed>;
  /** Everything after a revision, then whatever comes; ends when the store is closed or the consumer stops. */
  follow(after: Revision): AsyncIterable<Followed>;
  /** The last changes of one element that are still held, newest first, at most `limit`. */
  history(element: ElementKey, limit: number): Promise<readonly Change[]>;
  /** Forgets elements for good (tombstones past their time). Is a change of each, with no facts. */
  collect(elements: readonly ElementKey[]): Promise<Committed>;
  /** Keeps records of a kind (same id: replaces), dropping the oldest above `limit`. */
  putRecords(kind: string, records: readonly StoredRecord[], limit: number): Promise<void>;
  /** Records of a kind with ids after `after` (null: from the first), in order of id. */
  listRecords(kind: string, after: string | null, limit: number): Promise<RecordPage>;
  health(): Promise<StoreHealth>;
  close(): Promise<void>;
}
