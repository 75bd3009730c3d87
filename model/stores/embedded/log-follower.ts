import { NO_REVISION, parseRevision, type Revision } from '../../revision.ts';
import type { Followed } from '../../store.ts';

/** What a follower needs of the log it follows. */
export interface Followable {
  readonly head: Revision;
  readonly closed: boolean;
  after(seq: number): Followed | null;
  /** To be called when a follower has read on, and when it will not read any more. */
  passed(): void;
  leave(follower: LogFollower): void;
}

/** No change has this number: a follower that stands there is answered by a reset. */
const NOWHERE = -1;

/** Reads a log from a revision on. Not a generator, since one that waits for news could not be ended. */
export class LogFollower implements AsyncIterator<Followed> {
  readonly #log: Followable;
  #seq: number;
  #wake: () => void = () => undefined;
  #over = false;

  constructor(log: Followable, after: Revision) {
    this.#log = log;
    const epoch = parseRevision(log.head)?.epoch;
    const from = parseRevision(after);
    this.#seq = after === NO_REVISION ? 0 : from !== null && from.epoch === epoch ? from.seq : NOWHERE;
  }

  /** The number of the last change it has read. */
  get seq(): number {
    return this.#seq;
  }

  /** There is news, or the log is closed. */
  wake(): void {
    this.#wake();
  }

  async next(): Promise<IteratorResult<Followed>> {
    while (!this.#over && !this.#log.closed) {
      const value = this.#log.after(this.#seq);
      if (value === null) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const last = value.kind === 'changes' ? value.changes.at(-1)?.revision : value.head;
      this.#seq = last === undefined ? this.#seq : (parseRevision(last)?.seq ?? NOWHERE);
      this.#log.passed();
      return { done: false, value };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Followed>> {
    this.#over = true;
    this.#log.leave(this);
    this.wake();
    return { done: true, value: undefined };
  }
}
