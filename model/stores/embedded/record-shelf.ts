import type { Database, RootDatabase } from 'lmdb';
import type { Value } from '../../fact.ts';
import type { RecordPage, StoredRecord } from '../../store.ts';

type RecordKey = [kind: string, id: string];

/** Sorts after every id. */
const LAST = '\u{10ffff}';

/** Records beside the model, by kind and id, with a count of all that were ever put. */
export class RecordShelf {
  readonly #records: Database<Value, RecordKey>;
  readonly #counts: Database<number, string>;

  constructor(root: RootDatabase) {
    this.#records = root.openDB<Value, RecordKey>({ name: 'records', encoding: 'json' });
    this.#counts = root.openDB<number, string>({ name: 'record-counts', encoding: 'json' });
  }

  async put(kind: string, records: readonly StoredRecord[], limit: number): Promise<void> {
    await this.#records.transaction(() => {
      let ever = this.#counts.get(kind) ?? 0;
      for (const { id, value } of records) {
        if (!this.#records.doesExist([kind, id])) ever += 1;
        void this.#records.put([kind, id], value);
      }
      void this.#counts.put(kind, ever);
      const surplus = this.#held(kind) - limit;
      if (surplus <= 0) return;
      for (const key of [...this.#records.getKeys({ ...this.#range(kind, ''), limit: surplus })]) {
        void this.#records.remove(key);
      }
    });
  }

  list(kind: string, after: string | null, limit: number): RecordPage {
    const range = this.#range(kind, after === null ? '' : `${after}\0`);
    const records = [...this.#records.getRange({ ...range, limit })].map(({ key, value }) => ({ id: key[1], value }));
    return { records, held: this.#held(kind), ever: this.#counts.get(kind) ?? 0 };
  }

  #held(kind: string): number {
    return this.#records.getKeysCount(this.#range(kind, ''));
  }

  #range(kind: string, from: string): { start: RecordKey; end: RecordKey } {
    return { start: [kind, from], end: [kind, LAST] };
  }
}
