import { randomUUID } from 'node:crypto';
import type { Value } from '../../fact.ts';
import type { Lease, Ledger, LedgerEvent, LedgerRecord, LedgerWrite } from '../../ledger.ts';
import type { CloudKeys } from './keys.ts';
import { followLedger } from './ledger-follower.ts';
import type { Link } from './link.ts';
import { LEASE, LEDGER, runScript } from './scripts.ts';

/** How many transactions followers may be behind, about; who is further behind lists again. */
const RETENTION = 10_000;

/** The ledger in a Redis: each transaction is one script, and one entry of a stream. Leases go by Redis' time. */
export class RedisLedger implements Ledger {
  readonly #link: Link;
  readonly #keys: CloudKeys;
  readonly #followLink: () => Link;

  /** `followLink` makes a connection of its own for a follower, since reading blocks it; it ends with the store. */
  constructor(link: Link, keys: CloudKeys, followLink: () => Link) {
    this.#link = link;
    this.#keys = keys;
    this.#followLink = followLink;
  }

  async get(kind: string, id: string): Promise<LedgerRecord | null> {
    const text = await this.#link.run((redis) => redis.hget(this.#keys.ledgerValues(kind), id));
    return text === null ? null : unpack(kind, id, text);
  }

  async list(kind: string, after: string | null, limit: number): Promise<readonly LedgerRecord[]> {
    const from = after === null ? '-' : `(${after}`;
    return this.#link.run(async (redis) => {
      const ids = await redis.zrangebylex(this.#keys.ledgerIds(kind), from, '+', 'LIMIT', 0, limit);
      const values = ids.length === 0 ? [] : await redis.hmget(this.#keys.ledgerValues(kind), ...ids);
      // A record without a value was removed meanwhile.
      return ids.flatMap((id, i) => (values[i] == null ? [] : [unpack(kind, id, values[i])]));
    });
  }

  async write(writes: readonly LedgerWrite[], lease?: Lease): Promise<readonly LedgerRecord[] | null> {
    const { ledgerState, ledgerStream, ledger, leases } = this.#keys;
    const keys = [ledgerState, ledgerStream, ledger, leases, this.#keys.ledgerDone(randomUUID())];
    const records = writes.flatMap(({ kind, id, seen, value }) => [
      kind,
      id,
      seen,
      value === null ? '' : JSON.stringify(value),
    ]);
    const args = [RETENTION, lease?.name ?? '', lease?.token ?? '', ...records];
    const versions = (await this.#link.run((redis) => runScript(redis, LEDGER, keys, args))) as number[] | null;
    if (versions === null) return null;
    return writes.map(({ kind, id, value }, i) => ({ kind, id, version: versions[i] ?? 0, value }));
  }

  follow(): AsyncIterable<LedgerEvent> {
    return followLedger(this.#followLink(), this.#keys);
  }

  async lease(name: string, holder: string, millis: number): Promise<Lease | null> {
    const token = await this.#lease([name, holder, Math.ceil(millis), '']);
    return token === null ? null : { name, holder, token };
  }

  async release({ name, holder, token }: Lease): Promise<void> {
    await this.#lease([name, holder, 0, token]);
  }

  async #lease(args: readonly (string | number)[]): Promise<number | null> {
    return (await this.#link.run((redis) => runScript(redis, LEASE, [this.#keys.leases], args))) as number | null;
  }
}

function unpack(kind: string, id: string, text: string): LedgerRecord {
  const end = text.indexOf('\n');
  return { kind, id, version: Number(text.slice(0, end)), value: JSON.parse(text.slice(end + 1)) as Value };
}
