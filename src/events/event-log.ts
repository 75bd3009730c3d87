import type { Ledger, LedgerRecord } from '../../model/ledger.ts';
import { type CloudEvent, type EventId, timeOf } from './cloud-event.ts';
import { EVENTFUL_KINDS, eventsOf } from './derive.ts';

const PAGE = 500;
/** Clocks of processes differ: what was told late may have happened this much before what was told already (ms). */
const OVERLAP_MILLIS = 60_000;

/** Where a reader goes on, and whether it missed something. */
export interface Resumed {
  readonly place: number;
  readonly missed: boolean;
}

/**
 * The latest events, in the order in which this process learned of them: first all that the ledger's records tell of the
 * past, in the order of time, then what happens. Places count up; what lies before `start` is gone.
 */
export class EventLog {
  readonly generation = 0;
  readonly #ledger: Ledger;
  readonly #cloud: string;
  readonly #limit: number;
  readonly #listeners = new Set<() => void>();
  /** The ids told of each record. */
  readonly #known = new Map<string, readonly EventId[]>();
  #events: CloudEvent[] = [];
  #start = 0;
  /** The first place that was told as it happened. */
  #live = 0;

  constructor(ledger: Ledger, cloud: string, limit: number) {
    this.#ledger = ledger;
    this.#cloud = cloud;
    this.#limit = limit;
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

  /** The id of the last event; undefined when there was none. */
  get last(): EventId | undefined {
    return this.#events.at(-1)?.id;
  }

  /** The events that {@link after} would tell again to who has seen the last one. */
  recent(): EventId[] {
    const { last } = this;
    if (last === undefined) return [];
    return this.#events.map(({ id }) => id).filter((id) => timeOf(id) >= timeOf(last) - OVERLAP_MILLIS);
  }

  /**
   * Where a reader that has seen an event goes on. What was learned before this process began is told again from a minute
   * before that event, since the order in which it was told then is not known: at least once, not exactly once.
   */
  after(id: EventId): Resumed {
    const found = this.#events.findLastIndex((event) => event.id === id) + this.#start;
    if (found >= this.#live && found >= this.#start) return { place: found + 1, missed: false };
    const from = timeOf(id) - OVERLAP_MILLIS;
    const first = this.#events.findIndex((event) => timeOf(event.id) >= from && event.id !== id);
    const missed = this.#start > 0 && timeOf(this.#events[0]?.id ?? id) > timeOf(id);
    return { place: first < 0 ? this.end : this.#start + first, missed };
  }

  /** Calls back whenever something was added. */
  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once the past is in the log; `ended` settles when following ends. */
  async open(): Promise<{ readonly ended: Promise<void> }> {
    const following = this.#ledger.follow()[Symbol.asyncIterator]();
    await following.next(); // a reset
    await this.#load();
    this.#live = this.end;
    const ended = async (): Promise<void> => {
      for (;;) {
        const { done, value } = await following.next();
        if (done === true) return;
        if (value.kind === 'reset') await this.#load();
        else this.#append(value.records);
      }
    };
    return { ended: ended() };
  }

  async #load(): Promise<void> {
    const all: LedgerRecord[] = [];
    for (const kind of EVENTFUL_KINDS) {
      for (let after: string | null = null; ; ) {
        const page: readonly LedgerRecord[] = await this.#ledger.list(kind, after, PAGE);
        all.push(...page);
        if (page.length < PAGE) break;
        after = page.at(-1)?.id ?? null;
      }
    }
    this.#append(all);
  }

  #append(records: readonly LedgerRecord[]): void {
    const fresh = records.flatMap((record) => this.#unknownOf(record));
    if (fresh.length === 0) return;
    fresh.sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#events = this.#events.concat(fresh);
    const beyond = this.#events.length - this.#limit;
    if (beyond > 0) {
      this.#events = this.#events.slice(beyond);
      this.#start += beyond;
    }
    for (const listener of this.#listeners) listener();
  }

  #unknownOf(record: LedgerRecord): CloudEvent[] {
    const key = `${record.kind}/${record.id}`;
    const events = eventsOf(record, this.#cloud);
    const known = this.#known.get(key) ?? [];
    if (record.value === null) this.#known.delete(key);
    else
      this.#known.set(
        key,
        events.map(({ id }) => id),
      );
    return events.filter(({ id }) => !known.includes(id));
  }
}
