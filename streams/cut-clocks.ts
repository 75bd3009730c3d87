import type { ModelStore, StoredRecord } from '../model/store.ts';

/** The kind under which a store keeps them, and of how many messages: more than may come again. */
export const CUT_CLOCKS = { kind: 'cut-clock', limit: 5_000 } as const;

/** How often at most it is looked what other processes cut, in µs. */
const READ_EVERY = 1_000_000;

/**
 * Remembers by which present a message's clock of the far future was cut. When it comes again, to whichever process, its
 * clock is cut by the same present: it tells what it told before, and cannot hold what is true off for another five minutes.
 */
export class CutClocks {
  readonly #store: ModelStore;
  readonly #presents = new Map<string, number>();
  #begun: Promise<void> | null = null;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(store: ModelStore) {
    this.#store = store;
  }

  /** Whether any clock was cut, as far as this process knows. */
  get any(): boolean {
    return this.#presents.size > 0;
  }

  /** The present by which a message's clock was cut, in µs; undefined when it was not. */
  presentOf(id: string): number | undefined {
    return this.#presents.get(id);
  }

  /** To be awaited before anything is cut: reads what processes before this one cut. */
  begin(now: number): Promise<void> {
    this.#begun ??= this.read(now);
    return this.#begun;
  }

  /** Reads what was cut by all processes, unless that was done a moment ago. */
  async read(now: number): Promise<void> {
    if (now - this.#readAt < READ_EVERY) return;
    this.#readAt = now;
    const { records } = await this.#store.listRecords(CUT_CLOCKS.kind, null, CUT_CLOCKS.limit);
    for (const { id, value } of records) this.#note(id.slice(id.indexOf(' ') + 1), Number(value));
  }

  /** Keeps of messages, by their ids, that they were cut by this present, but for those that were cut before. */
  async keep(ids: Iterable<string>, now: number): Promise<void> {
    const records: StoredRecord[] = [];
    for (const id of ids) {
      if (this.#presents.has(id)) continue;
      this.#note(id, now);
      // Ids sort in the order of creation.
      records.push({ id: `${String(now).padStart(16, '0')} ${id}`, value: now });
    }
    if (records.length > 0) await this.#store.putRecords(CUT_CLOCKS.kind, records, CUT_CLOCKS.limit);
  }

  #note(id: string, present: number): void {
    this.#presents.set(id, present);
    const [oldest] = this.#presents.keys();
    if (this.#presents.size > CUT_CLOCKS.limit && oldest !== undefined) this.#presents.delete(oldest);
  }
}
