import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Lease, Ledger } from '../../../model/ledger.ts';
import type { ModelStore } from '../../../model/store.ts';
import { type CloudEvent, type EventId, eventId } from '../cloud-event.ts';
import type { EventLog } from '../event-log.ts';
import type { Target } from './target.ts';

/** The kind under which the ledger keeps how far a target was told, by its name. */
export const EVENT_CURSOR = 'event_cursor';
/** The kind under which the store keeps the latest deliveries. */
export const DELIVERIES = { kind: 'event-delivery', limit: 1_000 } as const;

/** How an event is told again. Times in milliseconds. */
export interface Persistence {
  readonly attempts: number;
  readonly firstDelay: number;
  readonly longestDelay: number;
}

export const PERSISTENCE: Persistence = { attempts: 10, firstDelay: 1_000, longestDelay: 300_000 };

export interface CourierParts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly store: ModelStore;
  readonly logger: Logger;
  readonly persistence: Persistence;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
}

/** How far a target was told. */
type Cursor = { readonly after: EventId };

/** Where a courier is while it holds the lease of this token. */
interface Place {
  readonly token: number;
  readonly generation: number;
  at: number;
}

/** One event told, or given up. */
export type Delivery = {
  readonly target: string;
  readonly event: EventId;
  readonly type: string;
  readonly delivered: boolean;
  readonly attempts: number;
  readonly detail: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

const LEASE_MILLIS = 30_000;
/** How long to wait for something new before the lease is prolonged, and for the lease where another holds it. */
const TURN_MILLIS = 10_000;

/**
 * Tells a target every event it wants, in order and at least once: how far it came is kept in the ledger, so that it goes on
 * after a restart, in whichever process. Of several processes one does it.
 */
export class Courier {
  readonly #target: Target;
  readonly #parts: CourierParts;
  readonly #holder = randomUUID();
  readonly #stop = new AbortController();
  readonly counts = { delivered: 0, failed: 0, attempts: 0 };
  #place: Place | null = null;
  #running: Promise<void> = Promise.resolve();
  #wake = (): void => undefined;

  constructor(target: Target, parts: CourierParts) {
    this.#target = target;
    this.#parts = parts;
  }

  get name(): string {
    return `${this.#target.kind}:${this.#target.name}`;
  }

  start(): void {
    this.#parts.log.onMore(() => this.#wake());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
    await this.#target.close?.();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#advance();
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        this.#place = null;
        this.#parts.logger.error({ err: error, target: this.name }, 'events could not be told; it is tried again');
        await this.#turn();
      }
    }
    await this.#giveBack();
  }

  /** Tells the next event, or waits for one, or for the right to. */
  async #advance(): Promise<void> {
    const { log } = this.#parts;
    const lease = await this.#lease();
    if (lease === null) this.#place = null;
    else if (this.#place?.token !== lease.token || this.#place.generation !== log.generation) {
      const { after } = await this.#cursor();
      const { generation } = log;
      this.#place = { token: lease.token, generation, at: log.after(after).place };
    }
    const place = this.#place;
    if (lease === null || place === null || place.at >= log.end) return this.#turn();
    const at = Math.max(place.at, log.start);
    const event = log.at(at);
    if (event !== undefined && this.#target.wants(event)) {
      const delivery = await this.#deliver(event);
      if (delivery === null) return;
      await this.#keep(event, delivery, lease);
    }
    place.at = at + 1;
  }

  async #giveBack(): Promise<void> {
    try {
      const lease = await this.#lease();
      if (lease !== null) await this.#parts.ledger.release(lease);
    } catch (error) {
      // It ends by itself soon.
      this.#parts.logger.debug({ err: error, target: this.name }, 'the lease could not be given back');
    }
  }

  get #leaseName(): string {
    return `events:${this.name}`;
  }

  #lease(): Promise<Lease | null> {
    return this.#parts.ledger.lease(this.#leaseName, this.#holder, LEASE_MILLIS);
  }

  /** A target that is new is told what happens from now on. */
  async #cursor(): Promise<Cursor> {
    const { ledger, log, now } = this.#parts;
    const record = await ledger.get(EVENT_CURSOR, this.name);
    if (record !== null && record.value !== null) return record.value as unknown as Cursor;
    const cursor: Cursor = { after: log.last ?? eventId(now(), '') };
    await ledger.write([{ kind: EVENT_CURSOR, id: this.name, seen: record?.version ?? 0, value: cursor }]);
    return cursor;
  }

  /** Tells one event until it is taken or given up; null when stopped before. */
  async #deliver(event: CloudEvent): Promise<Delivery | null> {
    const { persistence, now, random, logger } = this.#parts;
    const { attempts: most, firstDelay, longestDelay } = persistence;
    for (let attempts = 1; ; attempts++) {
      this.counts.attempts += 1;
      const { ok, detail } = await this.#target.tell(event, this.#stop.signal);
      if (this.#stop.signal.aborted && !ok) return null;
      const about = { target: this.name, event: event.id, type: event.type, attempts };
      if (ok || attempts >= most) {
        if (ok) this.counts.delivered += 1;
        else {
          this.counts.failed += 1;
          logger.error(about, `an event is not told any more: ${detail}`);
        }
        const { target, type } = about;
        return { target, type, event: event.id, delivered: ok, attempts, detail, at: now() };
      }
      logger.warn(about, `an event could not be told, it is tried again: ${detail}`);
      const bound = Math.min(firstDelay * 2 ** (attempts - 1), longestDelay);
      await this.#pause(bound * (0.5 + random() / 2));
      if (this.#stop.signal.aborted) return null;
    }
  }

  async #keep(event: CloudEvent, delivery: Delivery, lease: Lease): Promise<void> {
    const { ledger, store } = this.#parts;
    const id = `${String(delivery.at).padStart(14, '0')}-${randomUUID()}`;
    await store.putRecords(DELIVERIES.kind, [{ id, value: delivery }], DELIVERIES.limit);
    const cursor: Cursor = { after: event.id };
    const record = await ledger.get(EVENT_CURSOR, this.name);
    const write = { kind: EVENT_CURSOR, id: this.name, seen: record?.version ?? 0, value: cursor };
    const held = (await this.#lease()) ?? lease;
    if ((await ledger.write([write], held)) === null) throw new Error('another process has taken over');
  }

  /** Waits, prolonging the lease meanwhile; ends early when stopped. */
  async #pause(millis: number): Promise<void> {
    for (let left = millis; left > 0 && !this.#stop.signal.aborted; left -= TURN_MILLIS) {
      await sleep(Math.min(left, TURN_MILLIS), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      await this.#lease();
    }
  }

  /** Waits for something new, at most a turn. */
  async #turn(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const waiting = new AbortController();
    const timer = sleep(TURN_MILLIS, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([timer, new Promise<void>((resolve) => (this.#wake = resolve))]);
    waiting.abort();
  }
}
