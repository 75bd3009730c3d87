import type { ServerResponse } from 'node:http';
import type { CloudEvent, EventId } from '../../events/cloud-event.ts';
import type { EventLog } from '../../events/event-log.ts';
import { formatEvent, formatHeartbeat } from '../changes/format.ts';
import { SseWriter } from '../stream/sse-writer.ts';

/** What a subscriber of events asked for. */
export interface EventSubscription {
  readonly passes: (event: CloudEvent) => boolean;
  /** The last event it has seen; null for one that begins now. */
  readonly after: EventId | null;
}

/** One subscriber of events. */
export class EventSubscriber {
  readonly #writer: SseWriter;
  readonly #log: EventLog;
  readonly #asked: EventSubscription;

  constructor(out: ServerResponse, log: EventLog, asked: EventSubscription, onCut: (why: string) => void) {
    this.#log = log;
    this.#asked = asked;
    const told = {
      textAt: (place: number) => this.#textAt(place),
      position: () => log.last,
      startOver: () => this.#startOver(),
    };
    this.#writer = new SseWriter(out, log, told, onCut);
  }

  start(): void {
    const { after } = this.#asked;
    if (after === null) {
      this.#writer.place = this.#log.end;
      this.#writer.write(formatHeartbeat(this.#log.last));
    } else {
      const { place, missed } = this.#log.after(after);
      if (missed)
        this.#writer.write(formatEvent('missed', { after, reason: 'the events right after it are no longer held' }));
      this.#writer.place = place;
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

  #startOver(): void {
    this.#writer.write(formatEvent('missed', { after: null, reason: 'the store lost events' }));
    this.#writer.place = this.#log.start;
  }

  #textAt(place: number): string | null {
    const event = this.#log.at(place);
    return event === undefined || !this.#asked.passes(event) ? null : formatEvent('event', event, event.id);
  }
}
