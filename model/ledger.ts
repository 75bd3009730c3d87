import type { Value } from './fact.ts';

/**
 * A durable record beside the model that programs make and change: an audit, a plan, an action, a rule, a lease. Unlike
 * what is told of the cloud it has one state at a time, so writers say which state they have seen.
 */
export interface LedgerRecord {
  readonly kind: string;
  /** Unique within its kind; records of a kind are listed in the order of their ids. */
  readonly id: string;
  /** Grows by one with each write of this record. A new one starts above all that were ever removed of its kind. */
  readonly version: number;
  /** Null when it was removed, which only followers and writers are told. */
  readonly value: Value;
}

/** One write of a transaction. */
export interface LedgerWrite {
  readonly kind: string;
  readonly id: string;
  /** The version the writer has seen; 0 for a record that must not be there yet. */
  readonly seen: number;
  /** The new value; null removes the record. */
  readonly value: Value | null;
}

/** What a follower is told. */
export type LedgerEvent =
  /** What is held must be forgotten and listed: the first event always, and later when writes may have been missed. */
  | { readonly kind: 'reset' }
  /** Writes in their order; a removed record has the value null. */
  | { readonly kind: 'written'; readonly records: readonly LedgerRecord[] };

/** The right to act alone, until it ends. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** Grows with each new holder: whoever acts with a lesser one has been replaced. */
  readonly token: number;
}

/**
 * The port through which such records are kept, beside a ModelStore and in the same place.
 *
 * Promised: a transaction is all or nothing, and durable as a commit of the model is; versions of a record never go back,
 * also when it is removed and made again; a follower that lists after each reset misses nothing (it may be told some things
 * twice; versions say which is newer). Time of leases is the store's own, so that clocks of processes do not matter.
 */
export interface Ledger {
  get(kind: string, id: string): Promise<LedgerRecord | null>;
  /** Records of a kind with ids after `after` (null: from the first), in order of id. */
  list(kind: string, after: string | null, limit: number): Promise<readonly LedgerRecord[]>;
  /**
   * Writes all or nothing; a record may occur once. Null when a record has another version than was seen, or, with a
   * `lease`, when that lease is no longer held: then nothing was written.
   */
  write(writes: readonly LedgerWrite[], lease?: Lease): Promise<readonly LedgerRecord[] | null>;
  /** A reset, then every write after it, whoever makes it, this process included. Ends with the store. */
  follow(): AsyncIterable<LedgerEvent>;
  /** Takes or prolongs a lease for so many milliseconds; null while another holds it. */
  lease(name: string, holder: string, millis: number): Promise<Lease | null>;
  /** Gives a lease back before its end. */
  release(lease: Lease): Promise<void>;
}
