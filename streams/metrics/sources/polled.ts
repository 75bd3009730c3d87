import {
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  exhaustMap,
  finalize,
  from,
  mergeMap,
  Observable,
  scheduled,
  startWith,
  tap,
  timer,
} from 'rxjs';
import type { MetricSourceKind } from '../kinds.ts';
import type { Measurement, MetricBatch } from '../measurement.ts';
import { describeQuery, type Query } from '../queries.ts';
import type { MetricSource } from '../source.ts';
import { StatusEvents } from '../status-events.ts';

/** Times to ask for, in seconds since 1970: every `step` from `from` to `to`, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** What was answered to one query. */
export interface Reading {
  readonly measurements: readonly Measurement[];
  /** Why there may be less than there should be. */
  readonly warnings: readonly string[];
}

/** A service that is asked for measurements. */
export interface Reader {
  /** Where it is, for messages; no credentials. */
  readonly address: string;
  /** Rejects with an error whose message says what is wrong. */
  read(query: Query, span: Span, signal: AbortSignal): Promise<Reading>;
  /** Nothing is asked any more. */
  close?(): void;
}

export interface PollOptions {
  readonly name: string;
  readonly kind: MetricSourceKind;
  readonly queries: readonly Query[];
  readonly reader: Reader;
  /** Seconds between two rounds; they lie at whole multiples of it. */
  readonly interval: number;
  /** Seconds of what was missed that are asked for afterwards. */
  readonly oldest: number;
  /** Seconds since 1970. */
  readonly now: () => number;
}

const MILLIS_PER_SECOND = 1_000;
/** A timer may go off a little before its time. */
const EARLY_SECONDS = 0.1;
/** Queries under way at once. */
const AT_ONCE = 4;
/** What was missed is asked for in pieces, so that an answer stays small. */
const STEPS_AT_ONCE = 20;
/** Measurements of one batch: taken in without a break, so this bounds how long others wait for the thread. */
const BATCH = 5_000;

/**
 * A source that is asked for its measurements at regular times. A round that takes longer than the interval lets the next
 * ones fall out; what a query missed, in this way or because it failed, is asked for as soon as it answers again.
 */
export function polledSource(options: PollOptions): MetricSource {
  const events = new StatusEvents();
  const { name, kind, queries, interval, now, reader } = options;
  const samples$ = defer(() => {
    const polls = queries.map((query) => new QueryPoll(query, options));
    events.tell('connecting', reader.address);
    const untilNext = (interval - (now() % interval)) * MILLIS_PER_SECOND;
    return timer(untilNext, interval * MILLIS_PER_SECOND).pipe(
      startWith(0),
      exhaustMap(() => round(polls, Math.floor((now() + EARLY_SECONDS) / interval) * interval, reader, events)),
      finalize(() => reader.close?.()),
    );
  });
  return { name, kind, samples$, events$: events.events$ };
}

/** Asks every query once, and tells how that went. */
function round(
  polls: readonly QueryPoll[],
  tick: number,
  reader: Reader,
  events: StatusEvents,
): Observable<MetricBatch> {
  const asked$ = from(polls).pipe(mergeMap((poll) => poll.upTo(tick), AT_ONCE));
  const told$ = defer(() => {
    tellOutcome(polls, reader.address, events);
    return EMPTY;
  });
  return concat(asked$, told$);
}

function tellOutcome(polls: readonly QueryPoll[], address: string, events: StatusEvents): void {
  for (const poll of polls) {
    const lost = poll.takeLost();
    if (lost > 0)
      events.tell(
        'gap',
        `${address} did not answer for too long: ${lost} s of ${poll.label} are not asked for any more`,
      );
  }
  const failing = polls.filter(({ failure }) => failure !== null);
  const [first] = failing;
  if (first !== undefined && failing.length === polls.length) events.tell('waiting', `${address}: ${first.failure}`);
  else if (first !== undefined)
    events.tell(
      'gap',
      `${failing.length} of ${polls.length} queries to ${address} fail; ${first.label}: ${first.failure}`,
    );
  else {
    const partial = polls.find(({ warning }) => warning !== null);
    if (partial === undefined) events.tell('connected', address);
    else events.tell('gap', `${address} answers in part; ${partial.label}: ${partial.warning}`);
  }
}

/** How far one query has come. */
class QueryPoll {
  readonly label: string;
  readonly #query: Query;
  readonly #options: PollOptions;
  /** The last time that was answered; null before the first. */
  #last: number | null = null;
  #lost = 0;
  failure: string | null = null;
  warning: string | null = null;

  constructor(query: Query, options: PollOptions) {
    this.label = describeQuery(query);
    this.#query = query;
    this.#options = options;
  }

  /** Seconds that were given up since this was last asked. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** Everything from the last answer on, in pieces; ends at the first that fails. */
  upTo(tick: number): Observable<MetricBatch> {
    const spans = this.#spans(tick);
    this.failure = null;
    this.warning = null;
    return from(spans).pipe(
      concatMap((span) => this.#read(span)),
      catchError((error: Error) => {
        this.failure = error.message;
        return EMPTY;
      }),
    );
  }

  #spans(tick: number): Span[] {
    const { interval: step, oldest } = this.#options;
    let next = this.#last === null ? tick : this.#last + step;
    const earliest = tick - Math.floor(oldest / step) * step;
    if (next < earliest) {
      this.#lost += earliest - next;
      next = earliest;
    }
    const spans: Span[] = [];
    for (; next <= tick; next += STEPS_AT_ONCE * step) {
      spans.push({ from: next, to: Math.min(tick, next + (STEPS_AT_ONCE - 1) * step), step });
    }
    return spans;
  }

  #read(span: Span): Observable<MetricBatch> {
    const { reader } = this.#options;
    return abortable((signal) => reader.read(this.#query, span, signal)).pipe(
      tap(({ warnings }) => {
        this.#last = span.to;
        this.warning = warnings[0] ?? this.warning;
      }),
      // Each batch in a turn of its own: others may get the thread in between.
      concatMap(({ measurements }) => scheduled(batches(measurements), asyncScheduler)),
    );
  }
}

function* batches(measurements: readonly Measurement[]): Iterable<MetricBatch> {
  for (let at = 0; at < measurements.length; at += BATCH) {
    yield { measurements: measurements.slice(at, at + BATCH), done: () => undefined };
  }
}

/** What a promise gives; unsubscribing aborts it. */
function abortable<T>(begin: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    begin(controller.signal).then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort();
  });
}
