/**
 * Which full pass: by the token of the term in which it is made, then by its place among those of the term. One with a
 * greater number begins later, whichever process makes it, since each term begins with one.
 */
export interface PassNumber {
  readonly term: number;
  readonly count: number;
}

/** Numbers the full passes of a term. */
export class FullPasses {
  readonly term: number;
  #begun = 0;
  #complete = 0;
  #ended = 0;

  constructor(term: number) {
    this.term = term;
  }

  /** The first that begins after now. */
  get next(): PassNumber {
    return { term: this.term, count: this.#begun + 1 };
  }

  /** The last that has ended; 0: none. */
  get ended(): number {
    return this.#ended;
  }

  /** The last that was complete; 0: none. */
  get complete(): number {
    return this.#complete;
  }

  begin(): void {
    this.#begun += 1;
  }

  /** The one that was begun last has ended. */
  end(complete: boolean): void {
    this.#ended = this.#begun;
    if (complete) this.#complete = this.#begun;
  }
}

/** Whether a pass of so many in a term is the wanted one or a later; 0: there is none in that term. */
export function hasReached(wanted: PassNumber, term: number, count: number): boolean {
  return term > wanted.term ? count > 0 : term === wanted.term && count >= wanted.count;
}
