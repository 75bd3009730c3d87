import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Ledger, LedgerRecord, LedgerWrite } from '../../model/ledger.ts';
import { keepUp } from '../ledger/keep-up.ts';
import { pagesOf } from '../ledger/pages.ts';
import { type CloudEvent, EVENT, type EventId } from './cloud-event.ts';
import { EVENTFUL_KINDS, eventsOf } from './derive.ts';
import { type EventLog, recordId } from './event-log.ts';

/** The kind under which the ledger keeps the place after the last event: who writes events must have seen all before. */
export const EVENT_HEAD = 'event_head';
const HEAD = 'head';
const PAGE = 500;
/** Events of one transaction. */
const AT_ONCE = 200;

export interface RecorderParts {
  readonly ledger: Ledger;
  readonly log: EventLog;
  readonly cloud: string;
  /** Events that are kept. */
  readonly kept: number;
  /** Milliseconds for which others may come first. */
  readonly patience: number;
  readonly logger: Logger;
}

/**
 * Gives each event that the ledger's records tell its place in the one order. Every process does so, so that it is done as long
 * as one lives: whoever is first writes it, and the others see that it is written.
 */
export class EventRecorder {
  readonly #parts: RecorderParts;
  readonly #pending = new Map<EventId, CloudEvent>();
  #running: Promise<void> = Promise.resolve();
  #due = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Resolves once everything of the past has its place; the log must be open. `ended` settles when following ends. */
  async open(): Promise<{ readonly ended: Promise<void> }> {
    const { ledger } = this.#parts;
    const { ended } = await keepUp(ledger, {
      load: () => this.#load(),
      take: (records) => {
        for (const record of records) this.#note(record);
        this.#recordSoon();
      },
    });
    await this.#record();
    return { ended };
  }

  async #load(): Promise<void> {
    for (const kind of EVENTFUL_KINDS) {
      for await (const page of pagesOf(this.#parts.ledger, kind)) for (const record of page) this.#note(record);
    }
    this.#recordSoon();
  }

  #note(record: LedgerRecord): void {
    for (const event of eventsOf(record, this.#parts.cloud)) {
      if (!this.#isKept(event.id)) this.#pending.set(event.id, event);
    }
  }

  /** Whether an event has its place, or had one that is forgotten. */
  #isKept(id: EventId): boolean {
    const { log } = this.#parts;
    const oldest = log.start > 1 ? log.at(log.start) : undefined;
    return log.has(id) || (oldest !== undefined && id < oldest.id);
  }

  #recordSoon(): void {
    if (this.#due || this.#pending.size === 0) return;
    this.#due = true;
    const { logger, patience } = this.#parts;
    this.#running = this.#running.then(async () => {
      if (patience > 0) await sleep(patience, undefined, { ref: false });
      this.#due = false;
      try {
        await this.#record();
      } catch (error) {
        logger.error({ err: error }, 'what happened could not be noted; the next happening tries again');
      }
    });
  }

  async #record(): Promise<void> {
    const { ledger, log } = this.#parts;
    for (;;) {
      const head = await ledger.get(EVENT_HEAD, HEAD);
      const next = (head?.value as { readonly next: number } | undefined)?.next ?? 1;
      if (log.end < next) await this.#catchUp(next);
      const fresh = this.#fresh();
      if (fresh.length === 0) return this.#trim();
      const writes: LedgerWrite[] = [
        { kind: EVENT_HEAD, id: HEAD, seen: head?.version ?? 0, value: { next: next + fresh.length } },
        ...fresh.map((event, i) => ({ kind: EVENT, id: recordId(next + i), seen: 0, value: event as never })),
      ];
      const written = await ledger.write(writes);
      // Else another process came first; what it wrote is seen now.
      if (written !== null) log.take(written);
    }
  }

  /** The events that have no place yet, in the order of their time, as many as are written at once. */
  #fresh(): CloudEvent[] {
    for (const id of this.#pending.keys()) if (this.#isKept(id)) this.#pending.delete(id);
    return [...this.#pending.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, AT_ONCE);
  }

  /** Reads what others wrote that did not come by following yet. */
  async #catchUp(next: number): Promise<void> {
    const { ledger, log } = this.#parts;
    while (log.end < next) {
      const page = await ledger.list(EVENT, recordId(log.end - 1), PAGE);
      if (page.length === 0) return;
      log.take(page);
    }
  }

  /** Removes the oldest events beyond as many as are kept. */
  async #trim(): Promise<void> {
    const { ledger, log, kept } = this.#parts;
    while (log.end - log.start > kept) {
      const old = await ledger.list(EVENT, null, Math.min(log.end - log.start - kept, AT_ONCE));
      const removed = await ledger.write(
        old.map(({ id, version }) => ({ kind: EVENT, id, seen: version, value: null })),
      );
      // Else another process does so.
      if (removed === null) return;
      log.take(removed);
    }
  }
}
