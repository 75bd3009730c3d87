import type { ServerResponse } from 'node:http';
import type { Entity, ModelChange } from '../../../model/live-model.ts';
import type { Revision } from '../../../model/revision.ts';
import type { ServiceState } from '../../service-state.ts';
import { SseWriter } from '../stream/sse-writer.ts';
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
  /** Whether of what does not pass the filter not even an id may be told. */
  readonly confined: boolean;
}

/** One subscriber of changes: where it begins (a snapshot, or what it missed), and which changes it is told. */
export class Subscriber {
  readonly #writer: SseWriter;
  readonly #state: ServiceState;
  readonly #ring: ChangeRing;
  readonly #asked: Subscription;

  constructor(
    out: ServerResponse,
    state: ServiceState,
    ring: ChangeRing,
    asked: Subscription,
    onCut: (why: string) => void,
  ) {
    this.#state = state;
    this.#ring = ring;
    this.#asked = asked;
    const told = {
      textAt: (place: number) => this.#textAt(place),
      position: () => state.model.revision,
      startOver: () => this.#resync(`the model was loaded anew: ${ring.reason}`),
    };
    this.#writer = new SseWriter(out, ring, told, onCut);
  }

  /** Begins where the subscriber asked to; everything after comes by {@link pump}. */
  async start(): Promise<void> {
    const { after, snapshot, filter } = this.#asked;
    if (after === null) {
      if (snapshot) this.#beginSnapshot();
      else this.#beginHere();
    } else {
      const place = after === 'unknown' ? null : this.#ring.placeAfter(after);
      if (place !== null) this.#writer.place = place;
      else await this.#resume(after, filter);
    }
    this.pump();
  }

  pump(): void {
    this.#writer.pump();
  }

  beat(): void {
    this.#writer.beat();
  }

  end(): void {
    this.#writer.end();
  }

  async #resume(after: Revision | 'unknown', filter: ElementFilter): Promise<void> {
    // Whose an element was that is gone is not known any more, so catching up tells of every one that it went.
    const possible = after !== 'unknown' && !this.#asked.confined;
    const found = possible ? await catchUp(after, filter, this.#state, this.#ring) : null;
    if (this.#writer.over) return;
    this.#writer.accept();
    if (found === null) {
      this.#resync(
        after === 'unknown'
          ? 'the place after which to go on is none of ours'
          : `what changed after ${after} is not held`,
      );
    } else {
      this.#writer.before = found.events;
      this.#writer.place = found.place;
    }
  }

  #beginSnapshot(): void {
    this.#writer.before = snapshotEvents(this.#state.model, this.#asked.filter);
    this.#writer.place = this.#ring.end;
  }

  #beginHere(): void {
    this.#writer.place = this.#ring.end;
    this.#writer.write(formatHeartbeat(this.#state.model.revision));
  }

  /** What the subscriber holds is void. The id is emptied until a snapshot is complete: one cut short is begun anew. */
  #resync(reason: string): void {
    const { snapshot, snapshotUrl } = this.#asked;
    const { revision } = this.#state.model;
    this.#writer.write(formatEvent('resync', { revision, reason, snapshot: snapshotUrl }, snapshot ? '' : revision));
    if (snapshot) {
      this.#beginSnapshot();
    } else {
      this.#writer.before = null;
      this.#writer.place = this.#ring.end;
    }
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
}

function passes(filter: NonNullable<ElementFilter>, change: ModelChange, element: Entity | null): boolean {
  return element !== null && filter(change.kind, element);
}
