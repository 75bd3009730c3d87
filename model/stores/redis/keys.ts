/** The names of everything that is kept of one cloud. They share a hash tag, so on a Redis Cluster they share a shard. */
export interface CloudKeys {
  /** Hash: the head of the stream and the server's runs; see join.lua. */
  readonly state: string;
  /** Stream of changes. */
  readonly stream: string;
  /** Set of element names; the prefix of each element's hash. */
  readonly elements: string;
  /** Hash by kind: how many records were ever put. */
  readonly recordCounts: string;
  /** Hash of one element, by its packed name. */
  element(name: string): string;
  /** Sorted set of the ids of a kind of records. */
  recordIds(kind: string): string;
  /** Hash by id of the records of a kind. */
  recordValues(kind: string): string;
  /** Prefix of the ledger's records. */
  readonly ledger: string;
  /** Hash: the head of the ledger's stream; see ledger.lua. */
  readonly ledgerState: string;
  /** Stream of the ledger's transactions. */
  readonly ledgerStream: string;
  /** Hash by name; see lease.lua. */
  readonly leases: string;
  /** Sorted set of the ids of a kind of the ledger's records. */
  ledgerIds(kind: string): string;
  /** Hash by id of version and value of a kind of the ledger's records. */
  ledgerValues(kind: string): string;
  /** What a transaction came to, by an id of its own; kept for a while. */
  ledgerDone(transaction: string): string;
}

/** @throws RangeError for a name that would break the hash tag */
export function cloudKeys(cloud: string): CloudKeys {
  if (cloud === '' || /[{}\p{Cc}]/u.test(cloud)) {
    throw new RangeError(`a cloud's name must not be empty nor hold braces or control characters: ${cloud}`);
  }
  const tag = `{vigil:${cloud}}`;
  return {
    state: `${tag}:state`,
    stream: `${tag}:changes`,
    elements: `${tag}:elements`,
    recordCounts: `${tag}:record-counts`,
    element: (name) => `${tag}:elements:${name}`,
    recordIds: (kind) => `${tag}:records:${kind}`,
    recordValues: (kind) => `${tag}:record-values:${kind}`,
    ledger: `${tag}:ledger`,
    ledgerState: `${tag}:ledger-state`,
    ledgerStream: `${tag}:ledger-writes`,
    leases: `${tag}:leases`,
    ledgerIds: (kind) => `${tag}:ledger:ids:${kind}`,
    ledgerValues: (kind) => `${tag}:ledger:values:${kind}`,
    ledgerDone: (transaction) => `${tag}:ledger-done:${transaction}`,
  };
}
