import type { ElementKey } from '../../element.ts';
import type { Fact } from '../../fact.ts';
import { compareRevisions, NO_REVISION, type Revision } from '../../revision.ts';
import type { Change, Committed, Followed, ModelStore, RecordPage, StoredRecord, StoreHealth } from '../../store.ts';
import type { RedisAddress } from './address.ts';
import { followStream } from './follower.ts';
import { redisHealth } from './health.ts';
import { type CloudKeys, cloudKeys } from './keys.ts';
import { Link, type LinkOptions } from './link.ts';
import { type Batch, packFacts, packForgotten, packName, unpackChange } from './pack.ts';
import { RecordShelf } from './records.ts';
import { RedisLedger } from './redis-ledger.ts';
import { HISTORY, runScript, SCAN } from './scripts.ts';

export interface RedisStoreOptions extends RedisAddress {
  /** The cloud (region); all its keys are under `{vigil:<cloud>}`. */
  readonly cloud: string;
  /** How many changes are kept for followers and explanations, about. */
  readonly retention?: number;
  /** Told in one line, without credentials, when Redis cannot be used; what is under way waits and is tried again. */
  readonly onProblem?: (text: string) => void;
  /** Ends the waiting for a Redis that cannot be reached at opening. */
  readonly signal?: AbortSignal;
}

const DEFAULT_RETENTION = 200_000;
const SCAN_COUNT = 200;
const MAX_HISTORY = 1_000;

/**
 * A cloud's model in a Redis (6.2 or later) that any number of processes write and read. A commit is acknowledged by Redis
 * when it resolves; with an append-only file that holds against the end of Redis itself, but for the last moments with
 * `appendfsync everysec`. A Redis that lost data begins a new epoch, see join.lua. While Redis cannot be reached everything waits, `health` and `close` excepted.
 */
class RedisStore implements ModelStore {
  readonly ledger: RedisLedger;
  readonly #keys: CloudKeys;
  readonly #linkOptions: LinkOptions;
  readonly #link: Link;
  readonly #followers = new Set<Link>();
  readonly #records: RecordShelf;

  constructor(options: RedisStoreOptions) {
    this.#keys = cloudKeys(options.cloud);
    this.#linkOptions = {
      address: options,
      keys: this.#keys,
      retention: options.retention ?? DEFAULT_RETENTION,
      onProblem: options.onProblem ?? (() => undefined),
    };
    this.#link = new Link(this.#linkOptions);
    this.#records = new RecordShelf(this.#link, this.#keys);
    this.ledger = new RedisLedger(this.#link, this.#keys, () => this.#followLink());
  }

  async head(): Promise<Revision> {
    return (await this.#link.join('')).head;
  }

  async *scan(): AsyncIterable<readonly Fact[]> {
    let cursor = '0';
    let scanned: string | undefined;
    do {
      const page = await this.#link.run(async (redis, serverRun) => {
        // A cursor means nothing to a server that has started again.
        const from = scanned === serverRun ? cursor : '0';
        scanned = serverRun;
        return (await runScript(redis, SCAN, [this.#keys.elements], [from, SCAN_COUNT])) as string[];
      });
      cursor = page[0] ?? '0';
      const facts = page.slice(1).flatMap((text) => unpackChange(NO_REVISION, text).facts);
      if (facts.length > 0) yield facts;
    } while (cursor !== '0');
  }

  async commit(facts: readonly Fact[]): Promise<Committed> {
    const { revision, won } = await this.#write(packFacts(facts));
    return { revision, won, lost: facts.length - won };
  }

  async collect(elements: readonly ElementKey[]): Promise<Committed> {
    const { revision } = await this.#write(packForgotten(elements));
    return { revision, won: 0, lost: 0 };
  }

  follow(after: Revision): AsyncIterable<Followed> {
    return { [Symbol.asyncIterator]: () => this.#follow(after) };
  }

  async history(element: ElementKey, limit: number): Promise<readonly Change[]> {
    const keys = [this.#keys.stream, this.#keys.element(packName(element))];
    const most = Math.min(limit, MAX_HISTORY);
    const found = (await this.#link.run((redis) => runScript(redis, HISTORY, keys, [most]))) as string[];
    const changes: Change[] = [];
    for (let i = 0; i + 1 < found.length; i += 2) {
      changes.push(unpackChange(found[i] as Revision, found[i + 1] ?? ''));
    }
    return changes;
  }

  putRecords(kind: string, records: readonly StoredRecord[], limit: number): Promise<void> {
    return this.#records.put(kind, records, limit);
  }

  listRecords(kind: string, after: string | null, limit: number): Promise<RecordPage> {
    return this.#records.list(kind, after, limit);
  }

  health(): Promise<StoreHealth> {
    return redisHealth(this.#link);
  }

  async close(): Promise<void> {
    for (const link of this.#followers) link.cut();
    await this.#link.close();
  }

  async #write(batches: readonly Batch[]): Promise<{ revision: Revision; won: number }> {
    if (batches.length === 0) return { revision: await this.head(), won: 0 };
    const joined = await Promise.all(batches.map(({ text }) => this.#link.join(text)));
    const revision = joined.reduce((last, { head }) => (compareRevisions(last, head) < 0 ? head : last), NO_REVISION);
    return { revision, won: joined.reduce((sum, { won }) => sum + won, 0) };
  }

  /** A connection that ends with the store. */
  #followLink(): Link {
    const link = new Link(this.#linkOptions);
    if (this.#link.closed) link.cut();
    for (const other of this.#followers) if (other.closed) this.#followers.delete(other);
    this.#followers.add(link);
    return link;
  }

  #follow(after: Revision): AsyncIterator<Followed> {
    const link = this.#followLink();
    const changes = followStream(link, this.#keys.stream, after);
    const end = (): { done: true; value: undefined } => {
      link.cut();
      return { done: true, value: undefined };
    };
    return {
      next: async () => {
        try {
          return await changes.next();
        } catch (error) {
          const ended = link.closed;
          end();
          if (ended) return { done: true, value: undefined };
          throw error;
        }
      },
      // Not the generator's own, which would wait for the blocked read.
      return: async () => end(),
    };
  }
}

/**
 * Opens a cloud's store in a Redis; waits for one that cannot be reached.
 *
 * @throws TypeError, RangeError for a URL or cloud name that cannot be used
 * @throws Error when Redis refuses the credentials, lacks permissions or is too old
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<ModelStore> {
  const store = new RedisStore(options);
  const abandon = (): void => void store.close();
  options.signal?.addEventListener('abort', abandon);
  try {
    options.signal?.throwIfAborted();
    await store.head();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abandon);
  }
}
