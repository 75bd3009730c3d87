import type { Action } from '../audits/action.ts';
import { isAutomatic } from '../audits/action-plan.ts';
import type { Book } from '../audits/book.ts';

const HOUR_MILLIS = 3_600_000;

/** How many instances Vigil may move by itself within an hour, whichever plans they are of. */
export class Pace {
  readonly #perHour: number;
  /** When they were begun, by action. */
  readonly #begun = new Map<string, number>();

  /** `perHour` is 0 for as many as there are. */
  constructor(perHour: number) {
    this.#perHour = perHour;
  }

  /** Null for as many as there are. */
  get limit(): number | null {
    return this.#perHour === 0 ? null : this.#perHour;
  }

  /** Takes over what others, or this process before, have begun. */
  recount({ actions, plans }: Book): void {
    this.#begun.clear();
    for (const { uuid, planUuid, actionType, intent } of actions.all()) {
      const plan = plans.get(planUuid);
      if (actionType === 'migrate' && intent !== null && plan !== undefined && isAutomatic(plan))
        this.#begun.set(uuid, intent.at);
    }
  }

  /** An action that nobody asked for begins. */
  begin({ uuid, actionType }: Action, now: number): void {
    if (actionType === 'migrate') this.#begun.set(uuid, now);
  }

  /** It came to nothing: nova was not asked. */
  undo({ uuid }: Action): void {
    this.#begun.delete(uuid);
  }

  /** Why no more may begin at a time (milliseconds since 1970), in a sentence; null when they may. */
  hold({ actionType }: Action, now: number): string | null {
    return actionType === 'migrate' ? this.full(now) : null;
  }

  /** Why nothing more is moved at a time, in a sentence; null when it may be. */
  full(now: number): string | null {
    if (this.limit === null || this.begunWithinHour(now) < this.limit) return null;
    return `${this.limit} or more instances were moved automatically within the last hour (automation.moves_per_hour)`;
  }

  /** How many were begun within the hour before a time. */
  begunWithinHour(now: number): number {
    for (const [uuid, at] of this.#begun) if (at <= now - HOUR_MILLIS) this.#begun.delete(uuid);
    return this.#begun.size;
  }
}
