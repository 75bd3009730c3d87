import type { Automation } from './automation.ts';
import type { Book } from './book.ts';
import type { Actor } from './record.ts';

/** Stops all automatic action, and lets it go on. */
export class AutomationSwitch {
  readonly #book: Book;
  readonly #now: () => number;

  constructor(book: Book, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  get state(): Automation {
    return this.#book.automation;
  }

  async pause(reason: string | null, by: Actor): Promise<Automation> {
    return this.#turn({ paused: true, reason, by, at: this.#now() });
  }

  async resume(by: Actor): Promise<Automation> {
    return this.#turn({ paused: false, reason: null, by, at: this.#now() });
  }

  async #turn(automation: Automation): Promise<Automation> {
    await this.#book.change((changes) => changes.automation(automation));
    return this.state;
  }
}
