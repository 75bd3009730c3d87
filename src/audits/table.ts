import type { Stored } from './record.ts';
import { type Direction, Sorted, type SortKey } from './sorted.ts';

/** Records of a kind in a table may be addressed by name, and grouped by what they belong to. */
type Row = Stored & { readonly name?: string; readonly planUuid?: string; readonly auditUuid?: string };

export interface PageQuery<T> {
  /** A sort by the same function object uses the same index; `null` is the order of creation. */
  readonly sortKey: SortKey<T> | null;
  readonly direction: Direction;
  /** The last record of the page before; null for the first page. */
  readonly marker: T | null;
  readonly limit: number;
  readonly deleted: boolean;
  readonly where?: (record: T) => boolean;
}

interface Held<T> {
  readonly record: T;
  readonly version: number;
}

const BY_ID = (record: Stored): number => record.id;

/** The records of one kind, in memory, with the indexes by which clients ask for them. */
export class Table<T extends Row> {
  readonly #held = new Map<string, Held<T>>();
  readonly #ids = new Map<number, string>();
  readonly #names = new Map<string, string>();
  readonly #ofPlan = new Map<string, Map<string, T>>();
  readonly #ofAudit = new Map<string, Map<string, T>>();
  readonly #sorted = new Map<SortKey<T>, Sorted<T>>([[BY_ID, new Sorted<T>(BY_ID, [])]]);

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
    return this.#index(BY_ID).after(null, 'asc');
  }

  /** The records of an action plan, in the order of creation. */
  ofPlan(uuid: string): readonly T[] {
    return inOrder(this.#ofPlan.get(uuid));
  }

  /** The records of an audit, in the order of creation. */
  ofAudit(uuid: string): readonly T[] {
    return inOrder(this.#ofAudit.get(uuid));
  }

  page({ sortKey, direction, marker, limit, deleted, where = () => true }: PageQuery<T>): readonly T[] {
    const found: T[] = [];
    for (const record of this.#index(sortKey ?? BY_ID).after(marker, direction)) {
      if (found.length === limit) break;
      if ((deleted || record.deletedAt === null) && where(record)) found.push(record);
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

  #add(record: T, version: number): void {
    this.#held.set(record.uuid, { record, version });
    this.#ids.set(record.id, record.uuid);
    if (record.name !== undefined && record.deletedAt === null) this.#names.set(record.name, record.uuid);
    if (record.planUuid !== undefined) group(this.#ofPlan, record.planUuid).set(record.uuid, record);
    if (record.auditUuid !== undefined) group(this.#ofAudit, record.auditUuid).set(record.uuid, record);
    for (const index of this.#sorted.values()) index.add(record);
  }

  #drop(record: T): void {
    this.#held.delete(record.uuid);
    this.#ids.delete(record.id);
    if (record.name !== undefined && this.#names.get(record.name) === record.uuid) this.#names.delete(record.name);
    if (record.planUuid !== undefined) leave(this.#ofPlan, record.planUuid, record.uuid);
    if (record.auditUuid !== undefined) leave(this.#ofAudit, record.auditUuid, record.uuid);
    for (const index of this.#sorted.values()) index.remove(record);
  }

  #index(key: SortKey<T>): Sorted<T> {
    let index = this.#sorted.get(key);
    if (index === undefined) {
      index = new Sorted(key, this.all());
      this.#sorted.set(key, index);
    }
    return index;
  }
}

function group<T>(groups: Map<string, Map<string, T>>, name: string): Map<string, T> {
  let members = groups.get(name);
  if (members === undefined) {
    members = new Map();
    groups.set(name, members);
  }
  return members;
}

function leave<T>(groups: Map<string, Map<string, T>>, name: string, uuid: string): void {
  const members = groups.get(name);
  members?.delete(uuid);
  if (members?.size === 0) groups.delete(name);
}

function inOrder<T extends Stored>(members: Map<string, T> | undefined): readonly T[] {
  return members === undefined ? [] : [...members.values()].sort((a, b) => a.id - b.id);
}
