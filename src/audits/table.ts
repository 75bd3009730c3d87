import { type Belonging, Indexes } from './indexes.ts';
import type { Stored } from './record.ts';
import type { Direction, SortKey } from './sorted.ts';

/** Records of a kind in a table may be addressed by name, and grouped by what they belong to. */
type Row = Stored & Belonging & { readonly name?: string };

/** Whether deleted records are wanted as well. */
export interface Wanted {
  readonly deleted: boolean;
}

export interface PageQuery<T> extends Wanted {
  /** A sort by the same function object uses the same index; `null` is the order of creation. */
  readonly sortKey: SortKey<T> | null;
  readonly direction: Direction;
  /** The last record of the page before; null for the first page. */
  readonly marker: T | null;
  readonly limit: number;
  readonly where?: (record: T) => boolean;
}

interface Held<T> {
  readonly record: T;
  readonly version: number;
}

const EVERY: Wanted = { deleted: true };

/** The records of one kind, in memory, with the indexes by which clients ask for them. */
export class Table<T extends Row> {
  readonly #held = new Map<string, Held<T>>();
  readonly #ids = new Map<number, string>();
  readonly #names = new Map<string, string>();
  readonly #all = new Indexes<T>();
  /** Apart, so that nobody who asks for these has to pass over what is deleted. */
  readonly #living = new Indexes<T>();

  /** Deleted records too. */
  get size(): number {
    return this.#held.size;
  }

  get(uuid: string): T | undefined {
    return this.#held.get(uuid)?.record;
  }

  byId(id: number): T | undefined {
    return this.get(this.#ids.get(id) ?? '');
  }

  /** Of the living. */
  byName(name: string): T | undefined {
    return this.get(this.#names.get(name) ?? '');
  }

  /** The ledger's version of a record; 0 when there is none. */
  version(uuid: string): number {
    return this.#held.get(uuid)?.version ?? 0;
  }

  /** In the order of creation, deleted ones too. */
  all(): Iterable<T> {
    return this.#all.by(null).after(null, 'asc');
  }

  /** The records of an action plan, in the order of creation. */
  ofPlan(uuid: string, wanted = EVERY): readonly T[] {
    return this.#indexes(wanted).ofPlan(uuid);
  }

  /** The records of an audit, in the order of creation. */
  ofAudit(uuid: string, wanted = EVERY): readonly T[] {
    return this.#indexes(wanted).ofAudit(uuid);
  }

  page({ sortKey, direction, marker, limit, deleted, where = () => true }: PageQuery<T>): readonly T[] {
    const found: T[] = [];
    for (const record of this.#indexes({ deleted }).by(sortKey).after(marker, direction)) {
      if (found.length === limit) break;
      if (where(record)) found.push(record);
    }
    return found;
  }

  /** Takes a record in unless it is known in a later version; null takes it out. */
  put(uuid: string, version: number, record: T | null): boolean {
    const known = this.#held.get(uuid);
    if (known !== undefined && known.version >= version) return false;
    if (known !== undefined) this.#drop(known.record);
    if (record !== null) this.#add(record, version);
    return true;
  }

  clear(): void {
    for (const { record } of [...this.#held.values()]) this.#drop(record);
  }

  #indexes({ deleted }: Wanted): Indexes<T> {
    return deleted ? this.#all : this.#living;
  }

  #add(record: T, version: number): void {
    this.#held.set(record.uuid, { record, version });
    this.#ids.set(record.id, record.uuid);
    this.#all.add(record);
    if (record.deletedAt !== null) return;
    this.#living.add(record);
    if (record.name !== undefined) this.#names.set(record.name, record.uuid);
  }

  #drop(record: T): void {
    this.#held.delete(record.uuid);
    this.#ids.delete(record.id);
    this.#all.remove(record);
    this.#living.remove(record);
    if (record.name !== undefined && this.#names.get(record.name) === record.uuid) this.#names.delete(record.name);
  }
}
