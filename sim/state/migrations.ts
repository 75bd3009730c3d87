import type { Migration } from './types.ts';

/** Ended migrations beyond so many are forgotten, the oldest first. */
const KEPT = 10_000;

const ENDED: ReadonlySet<string> = new Set([
  'completed',
  'confirmed',
  'reverted',
  'error',
  'failed',
  'cancelled',
  'done',
]);

/** Nothing more will become of it. A resize that waits to be confirmed has not ended. */
export function hasEnded(migration: Migration): boolean {
  return ENDED.has(migration.status);
}

/** nova's `migrations` table, in the order of ids. */
export class Migrations {
  readonly #all = new Map<number, Migration>();
  #lastId = 0;

  nextId(): number {
    return ++this.#lastId;
  }

  get(id: number): Migration | undefined {
    return this.#all.get(id);
  }

  all(): IterableIterator<Migration> {
    return this.#all.values();
  }

  add(migration: Migration): void {
    this.#all.set(migration.id, migration);
    for (const [id, old] of this.#all) {
      if (this.#all.size <= KEPT || !hasEnded(old)) break;
      this.#all.delete(id);
    }
  }
}
