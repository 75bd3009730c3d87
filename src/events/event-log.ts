import type { Ledger, LedgerRecord } from '../../model/ledger.ts';
import { keepUp } from '../ledger/keep-up.ts';
import { pagesOf } from '../ledger/pages.ts';
import { BEGINNING, type CloudEvent, EVENT, type EventId } from './cloud-event.ts';

/** Where a reader goes on, and whether it missed something. */
export interface Resumed {
  readonly place: number;
  readonly missed: boolean;
}

/**
 * This process's copy of the latest events, in the one order in which every process tells them: their places count up in the
 * ledger, so that who comes back, to whichever process, goes on exactly after what it has seen. What lies before `start` is gone.
 */
export class EventLog {
  readonly #ledger: Ledger;
  readonly #listeners = new Set<() => void>();
  readonly #places = new Map<EventId, number>();
  #events: CloudEvent[] = [];
  #start = 1;
  #generation = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Grows when the store lost events: every place from before is void. */
  get generation(): number {
    return this.#generation;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#start + this.#events.length;
  }

  at(place: number): CloudEvent | undefined {
    return this.#events[place - this.#start];
  }

  has(id: EventId): boolean {
    return this.#places.has(id);
  }

  /** The id of the last event; undefined when there was none. */
  get last(): EventId | undefined {
    return this.#events.at(-1)?.id;
  }

  /**
   * Where a reader that has seen an event goes on: right after it, or where it is not held, with the first that is. What
   * followed an event that is not held may have been missed: it was let go, or is one of a store that was lost.
   */
  after(id: EventId): Resumed {
    const place = this.#places.get(id);
    if (place !== undefined) return { place: place + 1, missed: false };
    return { place: this.#start, missed: this.#start > 1 || id !== BEGINNING };
  }

  /** Calls back whenever something was added. */
  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once what is kept is in the copy; `ended` settles when following ends. */
  open(): Promise<{ readonly ended: Promise<void> }> {
    return keepUp(this.#ledger, { load: () => this.#load(), take: (records) => this.take(records) });
  }

  /** Takes in what was written, whoever wrote it; what is known already changes nothing. */
  take(records: readonly LedgerRecord[]): void {
    const end = this.end;
    for (const { kind, id, value } of records) {
      if (kind !== EVENT) continue;
      if (value === null) this.#forget(Number(id));
      else this.#append(Number(id), value as unknown as CloudEvent);
    }
    if (this.end > end) for (const listener of this.#listeners) listener();
  }

  async #load(): Promise<void> {
    const all: LedgerRecord[] = [];
    for await (const page of pagesOf(this.#ledger, EVENT)) all.push(...page);
    const { last } = this;
    const wasHeld = all.some(
      ({ id, value }) => Number(id) === this.end - 1 && (value as unknown as CloudEvent).id === last,
    );
    if (last !== undefined && !wasHeld) {
      this.#begin(Number(all[0]?.id ?? 1));
      this.#generation += 1;
    }
    this.take(all);
  }

  #append(place: number, event: CloudEvent): void {
    if (place < this.end && this.#events.length > 0) return;
    if (place !== this.end) this.#begin(place);
    this.#events.push(event);
    this.#places.set(event.id, place);
  }

  /** What lay before a place is not to be had any more. */
  #begin(place: number): void {
    this.#events = [];
    this.#places.clear();
    this.#start = place;
  }

  #forget(place: number): void {
    while (this.#start <= place && this.#events.length > 0) {
      const oldest = this.#events.shift();
      if (oldest !== undefined) this.#places.delete(oldest.id);
      this.#start += 1;
    }
  }
}

/** How an event's place is written, so that the ledger lists events in the order of their places. */
export function recordId(place: number): string {
  return String(place).padStart(PLACE_DIGITS, '0');
}

const PLACE_DIGITS = 15;
