import type { Automation } from '../audits/automation.ts';
import type { Freshness } from '../service-state.ts';
import type { ChangeWindow } from './change-windows.ts';

/** What is looked at before anything is done automatically. */
export interface Surroundings {
  freshness(): Freshness;
  /** Things held as missing until a second pass or a person confirms, by kind. */
  held(): { readonly [kind: string]: number };
  automation(): Automation;
}

/** Says whether Vigil may act by itself now. Whatever is doubtful stops it: nothing is urgent enough to act on a guess. */
export class FailSafe {
  readonly #surroundings: Surroundings;
  readonly #maxAge: number;
  readonly #windows: readonly ChangeWindow[];

  /** `maxAge` in seconds. */
  constructor(surroundings: Surroundings, maxAge: number, windows: readonly ChangeWindow[]) {
    this.#surroundings = surroundings;
    this.#maxAge = maxAge;
    this.#windows = windows;
  }

  /**
   * Why the model cannot be taken for the cloud, one sentence each; empty when it can. A plan that is held by them has them
   * as its status, which is written and logged whenever they change: they count no seconds.
   */
  distrust(): readonly string[] {
    const { synced, reasons, ageSeconds } = this.#surroundings.freshness();
    const found: string[] = [];
    if (!synced) found.push(`the model is not synced (${reasons.join('; ')})`);
    if (ageSeconds === null) found.push('nothing was heard of the cloud yet');
    else if (ageSeconds > this.#maxAge) {
      found.push(`nothing was heard of the cloud for more than ${this.#maxAge} s`);
    }
    for (const [kind, count] of Object.entries(this.#surroundings.held())) {
      if (count > 0)
        found.push(`${count} of kind ${kind} went missing at once, which a second pass or a person must confirm`);
    }
    return found;
  }

  /** Why nothing is carried out automatically at a time (milliseconds since 1970), one sentence each; empty when it may be. */
  reasons(now: number): readonly string[] {
    const { paused, by, reason } = this.#surroundings.automation();
    const found = paused
      ? [`automatic action is paused by ${by?.name ?? 'somebody'}${reason === null ? '' : `: ${reason}`}`]
      : [];
    if (this.#windows.length > 0 && !this.#windows.some((window) => window.isOpen(now))) {
      found.push(`no change window is open (${this.#windows.map(({ text }) => text).join(', ')})`);
    }
    return [...found, ...this.distrust()];
  }
}
