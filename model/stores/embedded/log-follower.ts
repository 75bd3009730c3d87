import { NO_REVISION, parseRevision, type Revision } from '../../revision.ts';
import type { Followed } from '../../store.ts';

/** What a follower needs of the log it follows. */
export interface Followable {
  readonly head: Revision;
  readonly closed: boolean;
  after(seq: number): Followed | null;
  news(ended: Promise<void>): Promise<void>;
}

/** No change has this number: a follower that stands there is answered by a reset. */
const NOWHERE = -1;

/** Reads a log from a revision on. Not a generator, since one that waits for news could not be ended. */
export class LogFollower implements AsyncIterator<Followed> {
  readonly #log: Followable;
  #seq: number;
  #end: () => void = () => undefined;
  readonly #ended: Promise<void>;
  #over = false;

  constructor(log: Followable, after: Revision) {
    this.#log = log;
    const epoch = parseRevision(log.head)?.epoch;
    const from = parseRevision(after);
    this.#seq = after === NO_REVISION ? 0 : from !== null && from.epoch === epoch ? from.seq : NOWHERE;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async next(): Promise<IteratorResult<Followed>> {
    while (!this.#over && !this.#log.closed) {
      const value = this.#log.after(this.#seq);
      if (value === null) {
        await this.#log.news(this.#ended);
        continue;
      }
      const last = value.kind === 'changes' ? value.changes.at(-1)?.revision : value.head;
      this.#seq = last === undefined ? this.#seq : (parseRevision(last)?.seq ?? NOWHERE);
      return { done: false, value };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Followed>> {
    this.#over = true;
    this.#end();
    return { done: true, value: undefined };
  }
}
