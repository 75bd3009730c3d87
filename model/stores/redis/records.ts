import type { Value } from '../../fact.ts';
import type { RecordPage, StoredRecord } from '../../store.ts';
import type { CloudKeys } from './keys.ts';
import type { Link } from './link.ts';
import { RECORDS, runScript } from './scripts.ts';

/** A call that is larger would keep Redis from its other clients for more than some milliseconds. */
const MAX_CALL_RECORDS = 500;
const MAX_CALL_CHARACTERS = 256 * 1024;

/** Records beside the model: a sorted set of ids and a hash of values for each kind. */
export class RecordShelf {
  readonly #link: Link;
  readonly #keys: CloudKeys;

  constructor(link: Link, keys: CloudKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async put(kind: string, records: readonly StoredRecord[], limit: number): Promise<void> {
    const keys = [this.#keys.recordIds(kind), this.#keys.recordValues(kind), this.#keys.recordCounts];
    for (const part of parts(records)) {
      await this.#link.run((redis) => runScript(redis, RECORDS, keys, [kind, limit, ...part]));
    }
  }

  async list(kind: string, after: string | null, limit: number): Promise<RecordPage> {
    const ids = this.#keys.recordIds(kind);
    const from = after === null ? '-' : `(${after}`;
    return this.#link.run(async (redis) => {
      const [page, held, ever] = await Promise.all([
        redis.zrangebylex(ids, from, '+', 'LIMIT', 0, limit),
        redis.zcard(ids),
        redis.hget(this.#keys.recordCounts, kind),
      ]);
      const values = page.length === 0 ? [] : await redis.hmget(this.#keys.recordValues(kind), ...page);
      const records: StoredRecord[] = [];
      // A record without a value was dropped meanwhile.
      values.forEach((text, i) => {
        if (text !== null) records.push({ id: page[i] ?? '', value: JSON.parse(text) as Value });
      });
      return { records, held, ever: Number(ever ?? 0) };
    });
  }
}

/** Ids and values in turn, in calls of bounded size. */
function parts(records: readonly StoredRecord[]): string[][] {
  const found: string[][] = [];
  let part: string[] = [];
  let characters = 0;
  for (const { id, value } of records) {
    const text = JSON.stringify(value);
    part.push(id, text);
    characters += text.length;
    if (part.length < 2 * MAX_CALL_RECORDS && characters < MAX_CALL_CHARACTERS) continue;
    found.push(part);
    [part, characters] = [[], 0];
  }
  if (part.length > 0) found.push(part);
  return found;
}
