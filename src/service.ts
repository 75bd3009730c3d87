import type { Logger } from 'pino';
import { filter, firstValueFrom, type Observable, of, Subject, Subscription, tap, timeout } from 'rxjs';
import type { LiveModel } from '../model/live-model.ts';
import type { ModelStore } from '../model/store.ts';
import { type Decoder, type Ingested, ingest } from '../streams/ingest.ts';
import type { Source, SourceEvent } from '../streams/source.ts';
import { StateChangeWatch } from '../streams/state-change-watch.ts';
import { microsNow } from './clock.ts';
import { Counters } from './counters.ts';
import { FreshnessWatch } from './freshness.ts';
import type { Knowing } from './inquiry.ts';
import type { MeasuringState } from './metrics-sources/measuring-state.ts';
import { NOTICES } from './notices.ts';
import type { ReconcileControl } from './reconcile/control.ts';
import type { ReconcileQuestions } from './reconcile/questions.ts';
import { Replica } from './replica.ts';
import type { FeedItem, Freshness, IngestCounters, Notice, ServiceState, SourceReport } from './service-state.ts';
import type { Standings } from './standings.ts';

export interface ServiceParts {
  readonly cloud: string;
  readonly store: ModelStore;
  readonly sources: readonly Source[];
  /** Where messages are decoded; left out: in this thread. */
  readonly decoder?: Decoder;
  /** Whether an OpenStack API is there to reconcile with; told of it through {@link Service.passed}. */
  readonly reconciles: boolean;
  /** What processes that ingest say of the model; left out where this one does. */
  readonly standings?: Standings | null;
  readonly log: Logger;
}

interface Flow {
  received: number;
  committed: number;
  gaps: number;
  /** Of a gap since which the source has not caught up. */
  receivedAtGap: number | null;
}

/** A broker that does not answer is not waited for at the end. */
const CLOSING_MILLIS = 5_000;
const MILLIS = 1_000;

/** A complete pass, and how much of each source must be committed before it counts. */
interface AwaitedPass {
  readonly startedAt: number;
  readonly received: readonly { readonly flow: Flow; readonly upTo: number }[];
}

/** Ingest and replica of one cloud, running in one process. */
export class Service implements ServiceState {
  readonly cloud: string;
  readonly store: ModelStore;
  readonly feed$: Observable<FeedItem>;
  /** Every batch once it is committed and acknowledged. */
  readonly ingested$ = new Subject<Ingested>();
  /** Emits why whenever messages may have been missed or the store lost data: a full pass is needed. */
  readonly gaps$ = new Subject<string>();
  readonly #parts: ServiceParts;
  readonly #replica: Replica;
  readonly #freshness: FreshnessWatch;
  readonly #counters = new Counters();
  readonly #updates = new StateChangeWatch();
  readonly #flows = new Map<string, Flow>();
  /** Everything that ends when the service does. */
  readonly running = new Subscription();
  /** What others have to say to operators, looked at each time it is asked for. */
  readonly noticed: (() => readonly Notice[])[] = [];
  reconcile: ReconcileControl | null = null;
  elsewhere: Knowing<ReconcileQuestions> | null = null;
  measuring: MeasuringState | null = null;
  #awaited: AwaitedPass | null = null;
  #started = false;
  #following: Promise<void> = Promise.resolve();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.cloud = parts.cloud;
    this.store = parts.store;
    this.#replica = new Replica(parts.store, () => this.#lost());
    this.feed$ = this.#replica.feed$;
    this.#freshness = new FreshnessWatch(
      parts.sources.map(({ name }) => name),
      parts.reconciles,
    );
  }

  get model(): LiveModel {
    return this.#replica.model;
  }

  /** Loads the model, then begins to follow the store and to ingest. `onFailure` is told what ended the service. */
  async start(onFailure: (error: unknown) => void): Promise<void> {
    const head = await this.#replica.load();
    this.#following = this.#replica.run(head).catch(onFailure);
    this.#started = true;
    for (const source of this.#parts.sources) this.#take(source, onFailure);
  }

  /** Stops the sources, lets what is being written be committed, and closes the store. What is still being decoded comes again. */
  async stop(): Promise<void> {
    const ended = this.#started ? this.#parts.sources.map(hasEnded) : [];
    this.running.unsubscribe();
    await Promise.all(ended);
    await this.store.close();
    await this.#following;
  }

  /** The cloud's APIs told how things stand: of a quiet cloud that is all there is to be heard. */
  answered(): void {
    this.#freshness.heard(Date.now());
  }

  /** Another process, which asks the cloud for this one too, last heard of it so many seconds ago. */
  answeredElsewhere(secondsAgo: number): void {
    this.#freshness.heardElsewhere(Date.now() - secondsAgo * MILLIS);
  }

  /** A full pass over the cloud's APIs, begun at that time (ms since 1970), is complete. */
  passed(startedAt: number): void {
    const received = [...this.#flows.values()].map((flow) => ({ flow, upTo: flow.received }));
    this.#awaited = { startedAt, received };
    this.#settlePass();
  }

  freshness(): Freshness {
    const { standings = null } = this.#parts;
    if (standings !== null) return standings.now(this.#replica.loaded, Date.now());
    return this.#freshness.now(this.#replica.loaded, Date.now(), this.reconcile?.status().held);
  }

  counters(): IngestCounters {
    return this.#counters.read();
  }

  sources(): readonly SourceReport[] {
    return this.#parts.sources.map(({ name }) => {
      const flow = this.#flow(name);
      const last = this.#freshness.last(name) ?? { kind: 'connecting', detail: 'not started yet' };
      return { name, last, received: flow.received, pending: flow.received - flow.committed, gaps: flow.gaps };
    });
  }

  notices(): readonly Notice[] {
    const notices: Notice[] = [];
    if (this.#updates.unset) notices.push(NOTICES.stateChangeUnset);
    if (!this.#parts.reconciles && [...this.#flows.values()].some(({ gaps }) => gaps > 0))
      notices.push(NOTICES.gapUnrepaired);
    return [...notices, ...this.noticed.flatMap((look) => look())];
  }

  #take(source: Source, onFailure: (error: unknown) => void): void {
    const flow = this.#flow(source.name);
    const messages$ = source.messages$.pipe(
      tap(() => {
        flow.received += 1;
      }),
    );
    this.running.add(source.events$.subscribe((event) => this.#sourceEvent(source.name, event)));
    this.running.add(
      ingest(messages$, this.store, () => this.#latestNow(), this.#parts.decoder).subscribe({
        next: (batch) => this.#ingested(flow, batch),
        error: onFailure,
      }),
    );
  }

  /** The pass counts once everything that was received before its end is committed. */
  #settlePass(): void {
    if (this.#awaited?.received.some(({ flow, upTo }) => flow.committed < upTo) !== false) return;
    this.#freshness.passed(this.#awaited.startedAt);
    this.#freshness.heard(Date.now());
    this.#awaited = null;
  }

  /** The later of our clock and nova's: what nova's own clock says is not the future. */
  #latestNow(): number {
    return microsNow() + Math.max(0, this.reconcile?.clockAhead ?? 0);
  }

  #ingested(flow: Flow, batch: Ingested): void {
    flow.committed += batch.decoded.length;
    this.#counters.add(batch);
    for (const { event, publisher } of batch.decoded) if (event !== null) this.#updates.observe(event, publisher);
    this.#freshness.heard(Date.now());
    this.ingested$.next(batch);
    this.#settlePass();
  }

  #sourceEvent(name: string, event: SourceEvent): void {
    const flow = this.#flow(name);
    this.#freshness.source(name, event, Date.now());
    const { log } = this.#parts;
    if (event.kind === 'waiting' || event.kind === 'gap') log.warn({ source: name, event: event.kind }, event.detail);
    else log.info({ source: name, event: event.kind }, event.detail);
    if (event.kind === 'gap') {
      flow.gaps += 1;
      flow.receivedAtGap = flow.received;
      this.gaps$.next(`${name}: ${event.detail}`);
    }
    if (event.kind === 'caught-up') this.#lookBehindGap(name, flow);
  }

  /**
   * A source has caught up. What had waited since before a gap tells of things whose end may be among what was missed, and
   * the pass that the gap led to may have looked before they were heard of.
   */
  #lookBehindGap(name: string, flow: Flow): void {
    const heardSince = flow.receivedAtGap !== null && flow.received > flow.receivedAtGap;
    flow.receivedAtGap = null;
    if (!heardSince) return;
    this.#freshness.outdated(Date.now());
    this.gaps$.next(`${name}: what had waited since before a gap is taken in`);
  }

  #lost(): void {
    this.#freshness.outdated(Date.now());
    this.#parts.log.warn('the store lost data: what this process holds was written again');
    this.gaps$.next('the store lost data');
  }

  #flow(name: string): Flow {
    let flow = this.#flows.get(name);
    if (flow === undefined) {
      flow = { received: 0, committed: 0, gaps: 0, receivedAtGap: null };
      this.#flows.set(name, flow);
    }
    return flow;
  }
}

/** Resolves when a source has told its broker what was acknowledged and closed, or takes too long over it. */
async function hasEnded({ events$ }: Source): Promise<void> {
  const ended$ = events$.pipe(filter(({ kind }) => kind === 'ended'));
  await firstValueFrom(ended$.pipe(timeout({ first: CLOSING_MILLIS, with: () => of(null) })), { defaultValue: null });
}
