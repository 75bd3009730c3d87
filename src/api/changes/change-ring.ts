import type { Subscription } from 'rxjs';
import type { ModelChange } from '../../../model/live-model.ts';
import { compareRevisions, parseRevision, type Revision } from '../../../model/revision.ts';
import type { ServiceState } from '../../service-state.ts';
import { changeEvent } from './event.ts';
import { formatEvent } from './format.ts';
import { NamedHosts } from './named-hosts.ts';

/** One change in the ring. */
export interface RingEntry {
  readonly change: ModelChange;
  /** Whether the next change has another revision: only then may a subscriber continue after this one. */
  readonly closes: boolean;
  /** The event for subscribers without a filter, made when first asked for and dropped when no longer recent. */
  text: string | null | undefined;
}

/** How many of the latest changes keep their text: subscribers that keep up share it. */
const RECENT = 1_024;

/**
 * The last changes of the model, one buffer for all subscribers: each holds only its place in it, so that a slow one costs
 * nothing, and is cut when its place is overwritten. Places count up for ever; what lies before `start` is gone.
 */
export class ChangeRing {
  readonly namedHosts = new NamedHosts();
  readonly #size: number;
  readonly #entries: (RingEntry | undefined)[];
  readonly #state: ServiceState;
  readonly #subscription: Subscription;
  readonly #listeners = new Set<() => void>();
  /** Everything after this revision, up to the model's, is held. */
  #floor: Revision;
  #start = 0;
  #end = 0;
  #generation = 0;
  #reason = '';
  #woken = false;

  constructor(state: ServiceState, size: number) {
    this.#size = size;
    this.#entries = new Array<RingEntry | undefined>(size);
    this.#state = state;
    this.#floor = state.model.revision;
    this.namedHosts.load(state.model);
    this.#subscription = state.feed$.subscribe((item) => {
      if (item.kind === 'resync') this.#clear(item.reason);
      else this.#append(item.changes);
      this.#wake();
    });
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  get floor(): Revision {
    return this.#floor;
  }

  /** Grows each time the model was loaded anew: every place from before is void. */
  get generation(): number {
    return this.#generation;
  }

  /** Why the model was loaded anew last. */
  get reason(): string {
    return this.#reason;
  }

  entry(place: number): RingEntry | undefined {
    return place < this.#start || place >= this.#end ? undefined : this.#entries[place % this.#size];
  }

  /** The event of a place for subscribers without a filter; null when it tells nothing. */
  text(place: number): string | null {
    const entry = this.entry(place);
    if (entry === undefined) return null;
    if (entry.text !== undefined) return entry.text;
    const event = changeEvent(entry.change, true, true);
    const text = event === null ? null : formatEvent('change', event, entry.closes ? event.revision : undefined);
    if (place >= this.#end - RECENT) entry.text = text;
    return text;
  }

  /**
   * The place of the first change after a revision; null when changes after it are no longer held, or never were. What was
   * known in another epoch is void: nobody tells what of it is gone.
   */
  placeAfter(revision: Revision): number | null {
    if (parseRevision(revision)?.epoch !== parseRevision(this.#state.model.revision)?.epoch) return null;
    if (compareRevisions(revision, this.#floor) < 0) return null;
    if (compareRevisions(revision, this.#state.model.revision) > 0) return null;
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entry(middle);
      if (entry !== undefined && compareRevisions(entry.change.revision, revision) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Calls back after every turn of the event loop in which something was added. */
  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#listeners.clear();
  }

  #append(changes: readonly ModelChange[]): void {
    this.namedHosts.observe(changes);
    for (const [i, change] of changes.entries()) {
      const closes = changes[i + 1]?.revision !== change.revision;
      this.#forgetOldest();
      this.#entries[this.#end % this.#size] = { change, closes, text: undefined };
      this.#end += 1;
      const stale = this.entry(this.#end - RECENT - 1);
      if (stale !== undefined) stale.text = undefined;
    }
  }

  #forgetOldest(): void {
    if (this.#end - this.#start < this.#size) return;
    this.#floor = this.entry(this.#start)?.change.revision ?? this.#floor;
    this.#start += 1;
  }

  #clear(reason: string): void {
    this.#entries.fill(undefined);
    this.#start = this.#end;
    this.#floor = this.#state.model.revision;
    this.namedHosts.load(this.#state.model);
    this.#generation += 1;
    this.#reason = reason;
  }

  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
