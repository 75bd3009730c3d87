import type { Instance } from '../../model/instance.ts';
import type { ModelChange } from '../../model/live-model.ts';
import type { History } from '../../strategies/strategy.ts';

/** Instances whose last move is remembered. */
const REMEMBERED = 100_000;

/** When instances were last seen to move, whoever moved them. */
export class MovesSeen implements History {
  readonly #moved = new Map<string, number>();

  /** To be told of every change of the model, with the time (milliseconds since 1970). */
  observe(changes: readonly ModelChange[], now: number): void {
    for (const { kind, id, before, after } of changes) {
      if (kind !== 'instance' || before === null || after === null) continue;
      const from = (before as Instance).place?.host ?? null;
      const to = (after as Instance).place?.host ?? null;
      if (from !== null && to !== null && from !== to) this.note(id, now);
    }
  }

  /** A move that is known of otherwise. */
  note(uuid: string, at: number): void {
    if ((this.#moved.get(uuid) ?? 0) > at) return;
    this.#moved.delete(uuid);
    this.#moved.set(uuid, at);
    const [oldest] = this.#moved.keys();
    if (this.#moved.size > REMEMBERED && oldest !== undefined) this.#moved.delete(oldest);
  }

  lastMove(uuid: string): number | null {
    return this.#moved.get(uuid) ?? null;
  }
}
