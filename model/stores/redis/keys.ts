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
  };
}
