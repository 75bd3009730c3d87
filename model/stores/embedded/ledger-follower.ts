import type { LedgerEvent, LedgerRecord } from '../../ledger.ts';

/** How many records wait for a follower at most; one that is further behind is told to list again. */
const MAX_WAITING = 10_000;

/** Reads the writes of an embedded ledger, after a reset. Not a generator, since one that waits could not be ended. */
export class LedgerFollower implements AsyncIterator<LedgerEvent> {
  readonly #leave: (follower: LedgerFollower) => void;
  #waiting: LedgerRecord[] = [];
  #missed = true;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(leave: (follower: LedgerFollower) => void) {
    this.#leave = leave;
  }

  /** Something was written. */
  tell(records: readonly LedgerRecord[]): void {
    if (this.#missed) return;
    this.#waiting.push(...records);
    this.#missed = this.#waiting.length > MAX_WAITING;
    if (this.#missed) this.#waiting = [];
    this.#wake();
  }

  end(): void {
    this.#over = true;
    this.#wake();
  }

  async next(): Promise<IteratorResult<LedgerEvent>> {
    while (!this.#over) {
      if (this.#missed) {
        this.#missed = false;
        return { done: false, value: { kind: 'reset' } };
      }
      if (this.#waiting.length > 0) {
        const records = this.#waiting;
        this.#waiting = [];
        return { done: false, value: { kind: 'written', records } };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<LedgerEvent>> {
    this.#leave(this);
    this.end();
    return { done: true, value: undefined };
  }
}
