import type { Stored } from './record.ts';
import { Sorted, type SortKey } from './sorted.ts';

/** What records may belong to. */
export type Belonging = { readonly planUuid?: string; readonly auditUuid?: string };

const BY_ID = (record: Stored): number => record.id;

/** Records in the orders, and in the groups, in which they are asked for. */
export class Indexes<T extends Stored & Belonging> {
  readonly #sorted = new Map<SortKey<T>, Sorted<T>>([[BY_ID, new Sorted<T>(BY_ID, [])]]);
  readonly #ofPlan = new Map<string, Map<string, T>>();
  readonly #ofAudit = new Map<string, Map<string, T>>();

  add(record: T): void {
    if (record.planUuid !== undefined) group(this.#ofPlan, record.planUuid).set(record.uuid, record);
    if (record.auditUuid !== undefined) group(this.#ofAudit, record.auditUuid).set(record.uuid, record);
    for (const index of this.#sorted.values()) index.add(record);
  }

  remove(record: T): void {
    if (record.planUuid !== undefined) leave(this.#ofPlan, record.planUuid, record.uuid);
    if (record.auditUuid !== undefined) leave(this.#ofAudit, record.auditUuid, record.uuid);
    for (const index of this.#sorted.values()) index.remove(record);
  }

  /** In the order of a key, whose index is made when it is first asked for; null is the order of creation. */
  by(key: SortKey<T> | null): Sorted<T> {
    const wanted = key ?? BY_ID;
    let index = this.#sorted.get(wanted);
    if (index === undefined) {
      index = new Sorted(wanted, this.by(null).after(null, 'asc'));
      this.#sorted.set(wanted, index);
    }
    return index;
  }

  /** In the order of creation. */
  ofPlan(uuid: string): readonly T[] {
    return inOrder(this.#ofPlan.get(uuid));
  }

  /** In the order of creation. */
  ofAudit(uuid: string): readonly T[] {
    return inOrder(this.#ofAudit.get(uuid));
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
