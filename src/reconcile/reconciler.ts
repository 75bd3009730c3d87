import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { LiveModel, ModelChange } from '../../model/live-model.ts';
import type { ModelStore } from '../../model/store.ts';
import type { Doubt } from '../../streams/doubts.ts';
import { Limit } from '../openstack/limit.ts';
import type { Nova } from '../openstack/nova.ts';
import type { Placement } from '../openstack/placement.ts';
import { type Collector, PASS_KINDS, type PassKind, type Target } from './collector.ts';
import { ComputeCollector } from './compute-collector.ts';
import { Drift, type DriftReport } from './drift.ts';
import { FullPasses, type PassNumber } from './full-passes.ts';
import { Job } from './job.ts';
import { PASS_DEFAULTS, Pass, type PassOptions, type PassParts } from './pass.ts';
import type { PassReport, PassTally, ReconcileStatus, TargetReport } from './report.ts';
import { TargetQueue } from './target-queue.ts';
import { REAL_TIMING, type Timing } from './timing.ts';
import { touchedBy } from './touched.ts';

/** How often each kind of pass is made, in seconds. */
export type Intervals = Readonly<Record<PassKind, number>>;

export const INTERVAL_DEFAULTS: Intervals = { full: 3600, changes: 60, services: 15, touched: 5 };

export interface ReconcilerParts {
  readonly nova: Nova;
  readonly placement: Placement | null;
  readonly store: ModelStore;
  readonly model: LiveModel;
  readonly log: Logger;
  readonly intervals?: Partial<Intervals>;
  readonly options?: Partial<PassOptions>;
  readonly timing?: Timing;
  /** Told of every pass when it has ended. */
  readonly onPass: (report: PassReport) => void;
}

const NONE_ENDED: PassTally = { complete: 0, incomplete: 0 };
/** Long enough for a listing that was answered by half to be whole again. */
const SECOND_LOOK_MILLIS = 30_000;
/** So many seconds after its end was told a server is gone, if it is going. */
const REVIVED_SETTLES = 10;
const TARGETS = { atOnce: 4, most: 10_000 };

/**
 * Keeps the model true to the cloud's APIs: passes over all at intervals and when asked for, increments and polls in
 * between, and single readings where a notification leaves a doubt. It joins facts like any source; the sources must be
 * subscribed before it is started, so that nothing falls between listing and listening.
 */
export class Reconciler {
  readonly #parts: PassParts;
  readonly #onPass: (report: PassReport) => void;
  readonly #collectors: readonly Collector[];
  readonly #jobs: Readonly<Record<PassKind, Job>>;
  readonly #targets: TargetQueue<TargetReport>;
  readonly #last: Record<PassKind, PassReport | null> = byKind(() => null);
  readonly #ended: Record<PassKind, PassTally> = byKind(() => NONE_ENDED);
  readonly #turn = new Limit(1);
  readonly #stop = new AbortController();
  /** Ends the passes, not the single readings. */
  #term: AbortSignal = this.#stop.signal;
  #full = new FullPasses(0);
  #running: PassKind | null = null;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(parts: ReconcilerParts) {
    const { nova, placement, store, model, log, onPass, timing = REAL_TIMING } = parts;
    // As many listen as readings wait.
    setMaxListeners(0, this.#stop.signal);
    const options = { ...PASS_DEFAULTS, ...parts.options };
    const intervals = { ...INTERVAL_DEFAULTS, ...parts.intervals };
    this.#parts = { nova, placement, store, model, drift: new Drift(), timing, log, options };
    this.#onPass = onPass;
    this.#collectors = [new ComputeCollector()];
    this.#jobs = byKind((kind) => new Job(intervals[kind], () => this.#pass(kind), timing));
    this.#targets = new TargetQueue(timing, (target) => this.#read(target), TARGETS, this.#stop.signal);
  }

  /** Begins with a full pass. */
  start(): void {
    void this.lead(0, this.#stop.signal);
  }

  /** Makes passes, a full one first, in a term with this token until it ends; single readings are made at any time. */
  async lead(token: number, signal: AbortSignal): Promise<void> {
    this.#term = AbortSignal.any([signal, this.#stop.signal]);
    setMaxListeners(0, this.#term);
    this.#full = new FullPasses(token);
    for (const collector of this.#collectors) collector.begin();
    void this.#jobs.full.ask();
    const loops = Promise.all(PASS_KINDS.map((kind) => this.#jobs[kind].loop(this.#term)));
    this.#loops = loops;
    await loops;
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#loops, this.#targets.ended()]);
  }

  /** A full pass that begins after now; resolves with its report, null when it was stopped. */
  async refreshAll(): Promise<PassReport | null> {
    const { count } = this.#full.next;
    await this.#jobs.full.ask();
    return this.#full.ended < count ? null : this.#last.full;
  }

  /** Asks for a full pass that begins after now, and says which. */
  askFull(): PassNumber {
    void this.#jobs.full.ask();
    return this.#full.next;
  }

  /** The full passes of this term. */
  get full(): FullPasses {
    return this.#full;
  }

  /** Reads one host or instance at once; null when too much is waiting already, or all was stopped. */
  async refresh(target: Target): Promise<TargetReport | null> {
    return this.#targets.ask(target, 0);
  }

  /** Takes up a doubt; false when too many are waiting: then an increment answers them all, where passes are made. */
  doubt({ target, afterSeconds, onlyWhileOn }: Pick<Doubt, 'target' | 'afterSeconds' | 'onlyWhileOn'>): boolean {
    const { model } = this.#parts;
    const needed = (): boolean => onlyWhileOn === null || model.instance(target.id)?.place?.host === onlyWhileOn;
    if (this.#targets.ask(target, afterSeconds, needed) !== null) return true;
    void this.#jobs.changes.ask();
    return false;
  }

  /** To be told of every change of the model: what happened on a host changes what is claimed of it. */
  observe(changes: readonly ModelChange[]): void {
    for (const change of changes)
      for (const target of touchedBy(change))
        for (const collector of this.#collectors) collector.touch(target, this.#parts.timing.now());
  }

  /** Another process makes the passes: what was touched is read there by now. */
  passOver(): void {
    for (const collector of this.#collectors) collector.passOver(this.#parts.timing.now());
  }

  /** An operator says that what is held as missing is really gone: a full pass asks for each of them. */
  confirmAbsences(): Promise<PassReport | null> {
    for (const collector of this.#collectors) collector.confirmAbsences();
    return this.refreshAll();
  }

  /** Changes how often a kind of pass is made, from now on. */
  setInterval(kind: PassKind, seconds: number): void {
    this.#jobs[kind].everySeconds = seconds;
  }

  /** How far nova's clock is ahead of ours at least, in microseconds; negative when it is behind. */
  get clockAhead(): number {
    return this.#parts.nova.clock.offset;
  }

  drift(): DriftReport {
    return this.#parts.drift.report();
  }

  status(): ReconcileStatus {
    const held = this.#collectors.flatMap((collector) => [...collector.held()]);
    return {
      running: this.#running,
      intervalsSeconds: byKind((kind) => this.#jobs[kind].everySeconds),
      last: { ...this.#last },
      ended: { ...this.#ended },
      waiting: this.#targets.waiting,
      held: Object.fromEntries(held),
      clockAheadSeconds: this.#parts.nova.clock.offset / 1_000_000,
    };
  }

  #pass(kind: PassKind): Promise<boolean> {
    return this.#turn.run(async () => {
      const signal = this.#term;
      if (signal.aborted) return false;
      this.#running = kind;
      const started = this.#parts.timing.now();
      if (kind === 'full') this.#full.begin();
      const pass = new Pass(this.#parts, signal);
      const done: boolean[] = [];
      for (const collector of this.#collectors) done.push(await this.#guarded(pass, () => collector.run(kind, pass)));
      this.#running = null;
      // Also when another makes the passes by now: what was read long ago may have ended since.
      for (const id of pass.revived)
        this.doubt({ target: { kind: 'instance', id }, afterSeconds: REVIVED_SETTLES, onlyWhileOn: null });
      if (signal.aborted) return false;
      const complete = done.every(Boolean);
      if (complete && kind === 'full') this.#parts.drift.prime();
      if (kind === 'full') this.#full.end(complete);
      if (kind === 'full') this.#lookAgain();
      this.#tell(kind, pass, started, complete);
      return complete;
    });
  }

  /** What a pass holds as missing waits for a second pass to agree: that one must not be an interval away. */
  #lookAgain(): void {
    if (![...this.#collectors].some((collector) => [...collector.held()].some(([, held]) => held > 0))) return;
    void this.#parts.timing.wait(SECOND_LOOK_MILLIS, this.#term).then(() => this.#jobs.full.ask());
  }

  #tell(kind: PassKind, pass: Pass, started: number, complete: boolean): void {
    const report: PassReport = {
      kind,
      startedAt: Math.floor(started / 1_000),
      durationSeconds: (this.#parts.timing.now() - started) / 1_000_000,
      complete,
      ...pass.counts,
      problems: pass.problems,
      globalRequestId: pass.reading.globalRequestId ?? '',
    };
    this.#last[kind] = report;
    const ended = this.#ended[kind];
    this.#ended[kind] = complete
      ? { ...ended, complete: ended.complete + 1 }
      : { ...ended, incomplete: ended.incomplete + 1 };
    const { durationSeconds, read, corrections, gone, globalRequestId } = report;
    const about = { kind, durationSeconds, read, corrections, gone, global_request_id: globalRequestId };
    if (!complete) this.#parts.log.warn(about, 'the pass over the cloud is not complete');
    else if (kind === 'full') this.#parts.log.info(about, 'the pass over the cloud is complete');
    else this.#parts.log.debug(about, 'the pass over the cloud is complete');
    this.#onPass(report);
  }

  async #read(target: Target): Promise<TargetReport> {
    const pass = new Pass(this.#parts, this.#stop.signal);
    let found = false;
    for (const collector of this.#collectors) {
      const has = await this.#guarded(pass, async () => {
        let read = false;
        const done = await pass.attempt(`Reading ${target.kind} ${target.id}`, async () => {
          read = await collector.read(target, pass);
        });
        return done && read;
      });
      found ||= has;
    }
    return { found, ...pass.counts, problems: pass.problems };
  }

  /** What is not understood (a store that fails, say) ends the undertaking, not the process. */
  async #guarded(pass: Pass, work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'reading the cloud failed');
      pass.problem(`Reading the cloud failed: ${(error as Error).message}`);
      return false;
    }
  }
}

function byKind<T>(of: (kind: PassKind) => T): Record<PassKind, T> {
  return Object.fromEntries(PASS_KINDS.map((kind) => [kind, of(kind)])) as Record<PassKind, T>;
}
