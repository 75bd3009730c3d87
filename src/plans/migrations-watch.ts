import type { Instance } from '../../model/instance.ts';
import type { LiveModel } from '../../model/live-model.ts';
import type { MigrationState } from '../../model/registers.ts';
import type { FeedItem } from '../service-state.ts';

/** nova's status of a cold migration or resize that moves nothing any more, and waits, maybe for days, to be confirmed. */
const AWAITS_CONFIRMATION = 'finished';

/** The migrations under way by the model, whoever started them, by instance: those that move something. Kept up with every change. */
export class MigrationsWatch {
  readonly #model: LiveModel;
  readonly #underWay = new Map<string, MigrationState>();

  constructor(model: LiveModel) {
    this.#model = model;
    this.#readAll();
  }

  get underWay(): ReadonlyMap<string, MigrationState> {
    return this.#underWay;
  }

  /** To be told of everything that happens to the model. */
  observe(item: FeedItem): void {
    if (item.kind === 'resync') {
      this.#readAll();
      return;
    }
    for (const { kind, id, after } of item.changes) {
      if (kind === 'instance') this.#note(id, (after as Instance | null)?.migration ?? null);
    }
  }

  #readAll(): void {
    this.#underWay.clear();
    for (const { uuid, migration } of this.#model.instances()) this.#note(uuid, migration);
  }

  #note(uuid: string, migration: MigrationState | null): void {
    if (migration === null || migration.status === AWAITS_CONFIRMATION) this.#underWay.delete(uuid);
    else this.#underWay.set(uuid, migration);
  }
}
