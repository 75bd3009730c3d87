import type { ServerResponse } from 'node:http';
import type { Entity, ModelChange } from '../../../model/live-model.ts';
import type { Revision } from '../../../model/revision.ts';
import type { ServiceState } from '../../service-state.ts';
import { catchUp } from './catch-up.ts';
import type { ChangeRing } from './change-ring.ts';
import { changeEvent } from './event.ts';
import type { ElementFilter } from './filter.ts';
import { formatEvent, formatHeartbeat } from './format.ts';
import { snapshotEvents } from './snapshot.ts';

/** What a subscriber asked for. */
export interface Subscription {
  readonly filter: ElementFilter;
  /** Whether everything there is comes first. */
  readonly snapshot: boolean;
  /** Where it was before; null for a new one; `unknown` for a place that is none of ours. */
  readonly after: Revision | 'unknown' | null;
  /** The address of a snapshot with the same filters, for those that asked for none. */
  readonly snapshotUrl: string;
}

/** Text written at once, at most (characters); beyond it one waits until the connection has taken it. */
const CHUNK = 65_536;
/** A connection that took nothing in so many heartbeats is cut. */
const STALLED_BEATS = 2;

/**
 * One subscriber of changes: a place in the ring, and what is to be sent before it (a snapshot, or what it missed), made
 * as the connection takes it. It holds no more unsent text than one chunk, however slow the reader.
 */
export class Subscriber {
  readonly #out: ServerResponse;
  readonly #state: ServiceState;
  readonly #ring: ChangeRing;
  readonly #asked: Subscription;
  readonly #onCut: (why: string) => void;
  #generation: number;
  /** Null while what was missed is being looked up. */
  #place: number | null = null;
  #before: Iterator<string> | null = null;
  #blocked = false;
  #blockedBeats = 0;

  constructor(
    out: ServerResponse,
    state: ServiceState,
    ring: ChangeRing,
    asked: Subscription,
    onCut: (why: string) => void,
  ) {
    this.#out = out;
    this.#state = state;
    this.#ring = ring;
    this.#asked = asked;
    this.#onCut = onCut;
    this.#generation = ring.generation;
  }

  /** Begins where the subscriber asked to; everything after comes by {@link pump}. */
  async start(): Promise<void> {
    const { after, snapshot, filter } = this.#asked;
    if (after === null) {
      if (snapshot) this.#beginSnapshot();
      else this.#beginHere();
    } else {
      const place = after === 'unknown' ? null : this.#ring.placeAfter(after);
      if (place !== null) this.#place = place;
      else await this.#resume(after, filter);
    }
    this.pump();
  }

  /** Sends what there is, as far as the connection takes it. */
  pump(): void {
    if (this.#over || this.#place === null) return;
    if (this.#generation !== this.#ring.generation) {
      if (this.#blocked) return;
      this.#resync(`the model was loaded anew: ${this.#ring.reason}`);
    }
    if (this.#place < this.#ring.start) {
      this.#cut('it fell behind all changes held');
      return;
    }
    while (!this.#blocked) {
      const text = this.#gather();
      if (text === '') return;
      this.#write(text);
    }
  }

  /** Says that the connection lives and where it is; cuts it when it takes nothing. */
  beat(): void {
    if (this.#over) return;
    if (this.#blocked) {
      this.#blockedBeats += 1;
      if (this.#blockedBeats >= STALLED_BEATS) this.#cut('it took nothing for too long');
      return;
    }
    const upToDate = this.#before === null && this.#place === this.#ring.end;
    this.#write(formatHeartbeat(upToDate ? this.#state.model.revision : undefined));
  }

  end(): void {
    this.#out.end();
  }

  /** Whether either side has ended the connection. */
  get #over(): boolean {
    return this.#out.destroyed || this.#out.writableEnded;
  }

  async #resume(after: Revision | 'unknown', filter: ElementFilter): Promise<void> {
    const found = after === 'unknown' ? null : await catchUp(after, filter, this.#state, this.#ring);
    if (this.#over) return;
    this.#generation = this.#ring.generation;
    if (found === null) {
      this.#resync(`the changes after ${after} are no longer held`);
    } else {
      this.#before = found.events;
      this.#place = found.place;
    }
  }

  #beginSnapshot(): void {
    this.#before = snapshotEvents(this.#state.model, this.#asked.filter);
    this.#place = this.#ring.end;
  }

  #beginHere(): void {
    this.#place = this.#ring.end;
    this.#write(formatHeartbeat(this.#state.model.revision));
  }

  /** What the subscriber holds is void. The id is emptied until a snapshot is complete: one cut short is begun anew. */
  #resync(reason: string): void {
    const { snapshot, snapshotUrl } = this.#asked;
    const { revision } = this.#state.model;
    this.#generation = this.#ring.generation;
    this.#write(formatEvent('resync', { revision, reason, snapshot: snapshotUrl }, snapshot ? '' : revision));
    if (snapshot) {
      this.#beginSnapshot();
    } else {
      this.#before = null;
      this.#place = this.#ring.end;
    }
  }

  /** The next text to send; empty when there is none. */
  #gather(): string {
    let text = '';
    while (text.length < CHUNK && this.#before !== null) {
      const next = this.#before.next();
      if (next.done === true) this.#before = null;
      else text += next.value;
    }
    while (text.length < CHUNK && this.#place !== null && this.#place < this.#ring.end) {
      text += this.#textAt(this.#place) ?? '';
      this.#place += 1;
    }
    return text;
  }

  #textAt(place: number): string | null {
    const { filter } = this.#asked;
    if (filter === undefined) return this.#ring.text(place);
    const entry = this.#ring.entry(place);
    if (entry === undefined) return null;
    const { change, closes } = entry;
    const was = passes(filter, change, change.before);
    const is = passes(filter, change, change.after);
    if (!was && !is) return null;
    if (was && is) return this.#ring.text(place);
    const event = changeEvent(change, was, is);
    return event === null ? null : formatEvent('change', event, closes ? change.revision : undefined);
  }

  #write(text: string): void {
    if (this.#out.write(text)) return;
    this.#blocked = true;
    this.#out.once('drain', () => {
      this.#blocked = false;
      this.#blockedBeats = 0;
      this.pump();
    });
  }

  #cut(why: string): void {
    this.#onCut(why);
    this.#out.destroy();
  }
}

function passes(filter: NonNullable<ElementFilter>, change: ModelChange, element: Entity | null): boolean {
  return element !== null && filter(change.kind, element);
}
