import type { Logger } from 'pino';
import type { Term } from '../audits/leader.ts';
import type { Knowing } from '../inquiry.ts';
import { PASS_KINDS, type PassKind, type Target } from './collector.ts';
import type { ReconcileControl } from './control.ts';
import type { DriftReport } from './drift.ts';
import { hasReached, type PassNumber } from './full-passes.ts';
import { type ReconcileQuestions, reconcilingBy } from './questions.ts';
import type { Reconciler } from './reconciler.ts';
import type { PassReport, ReconcileStatus, TargetReport } from './report.ts';

/** What the process that makes the passes says of them to those that share its store; all of it is JSON. */
export type PassesTold = {
  /** The token of its term: who says it with a lesser one was replaced. */
  readonly term: number;
  /** The numbers in the term of the last full pass that ended, and of the last that was complete; 0: none yet. */
  readonly ended: number;
  readonly complete: number;
  /** The last that ended. */
  readonly report: PassReport | null;
  readonly held: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<PassKind, number>>;
};

/** A full pass that is waited for. */
interface Wish {
  /** Null until whoever makes the passes has been asked for it. */
  number: PassNumber | null;
  /** Whether one that ended without having read all will do. */
  readonly ofAnyEnd: boolean;
  /** Told of the report; null when all was stopped. */
  readonly come: (report: PassReport | null) => void;
}

/** What sharing the passes with other processes needs. */
export interface SharedPassesParts {
  readonly reconciler: Pick<Reconciler, keyof ReconcileControl | 'lead' | 'full' | 'passOver'>;
  /** Asks the process that makes the passes. */
  readonly leader: Knowing<ReconcileQuestions>;
  /** Told that a full pass which began after a time (ms since 1970) is complete. */
  readonly passed: (after: number) => Promise<void>;
  readonly log: Logger;
}

/**
 * The comparison with the cloud where several processes share a store: one of them makes the passes for all, in a term of its
 * own; each reads single things itself. What the others go by is what that one tells.
 */
export class SharedPasses implements ReconcileControl, Knowing<ReconcileQuestions> {
  readonly #parts: SharedPassesParts;
  readonly #wishes = new Set<Wish>();
  #term: Term | null = null;
  #heard: PassesTold | null = null;
  /** When messages may last have been missed for which no pass was asked yet; milliseconds since 1970. */
  #unasked: { at: number } | null = null;
  #stopped = false;

  constructor(parts: SharedPassesParts) {
    this.#parts = parts;
  }

  /** Whether this process makes the passes, surely. */
  get leads(): boolean {
    return this.#term?.stands() === true;
  }

  /** Makes the passes for a term. */
  async lead(term: Term): Promise<void> {
    const { reconciler, log } = this.#parts;
    log.info({ term: term.lease.token }, 'this process makes the passes over the cloud');
    this.#term = term;
    this.#unasked = null;
    // The first of the term is what was waited for while nobody was there to be asked.
    for (const wish of this.#wishes) wish.number ??= { term: term.lease.token, count: 1 };
    try {
      await reconciler.lead(term.lease.token, term.signal);
    } finally {
      this.#heard = this.#told();
      this.#term = null;
      log.info({ term: term.lease.token }, 'this process makes no passes over the cloud any more');
    }
  }

  /** What this process tells the others; null while it does not make the passes. */
  tell(): PassesTold | null {
    return this.leads ? this.#told() : null;
  }

  /**
   * To be called every few seconds with what the one that makes the passes tells, null when none is heard of: sees to the
   * passes that are waited for.
   */
  async hear(told: PassesTold | null): Promise<void> {
    if (told !== null && told.term >= (this.#heard?.term ?? 0)) this.#heard = told;
    if (this.#term === null) this.#follow();
    if (told !== null || this.leads) await this.#number();
    this.#settle();
  }

  /** Messages may have been missed, or this process has just begun: a full pass that begins after now is needed. */
  missed(): void {
    const at = Date.now();
    // Until it is asked for one pass will do for all.
    if (this.#unasked !== null) {
      this.#unasked.at = at;
      return;
    }
    const gap = { at };
    this.#unasked = this.leads ? null : gap;
    this.#wish(false, (report) => {
      if (report === null) return;
      this.#parts.passed(gap.at).catch((error: unknown) => {
        this.#parts.log.warn({ err: error }, 'a full pass is complete, and this process does not come to have it');
        this.missed();
      });
    });
  }

  /** A full pass that begins after now, whoever makes it; resolves with its report, null when all was stopped. */
  async refreshAll(): Promise<PassReport | null> {
    const own = this.leads ? await this.#parts.reconciler.refreshAll() : null;
    return own ?? new Promise((come) => this.#wish(true, come));
  }

  refresh(target: Target): Promise<TargetReport | null> {
    return this.#parts.reconciler.refresh(target);
  }

  askFull(): PassNumber {
    return this.#parts.reconciler.askFull();
  }

  confirmAbsences(): Promise<PassReport | null> {
    return this.#parts.reconciler.confirmAbsences();
  }

  setInterval(kind: PassKind, seconds: number): void {
    this.#parts.reconciler.setInterval(kind, seconds);
  }

  get clockAhead(): number {
    return this.#parts.reconciler.clockAhead;
  }

  drift(): DriftReport {
    return this.#parts.reconciler.drift();
  }

  status(): ReconcileStatus {
    return { ...this.#parts.reconciler.status(), held: this.#held() };
  }

  /** Readings are made here, and a full pass is waited for here; all else is answered by the one that makes the passes. */
  ask<N extends keyof ReconcileQuestions>(
    question: N,
    asked: ReconcileQuestions[N]['asked'],
  ): Promise<ReconcileQuestions[N]['answer']> {
    const here = this.leads || question === 'refresh';
    return here ? reconcilingBy(() => this).ask(question, asked) : this.#parts.leader.ask(question, asked);
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.#stopped = true;
    for (const { come } of this.#wishes) come(null);
    this.#wishes.clear();
  }

  #told(): PassesTold {
    const { full } = this.#parts.reconciler;
    const { last, intervalsSeconds } = this.#parts.reconciler.status();
    const { term, ended, complete } = full;
    const report = ended === 0 ? null : last.full;
    return { term, ended, complete, report, held: this.#held(), intervals: intervalsSeconds };
  }

  /**
   * What is held as missing, as far as this process knows. Until a full pass of its own term was complete it is not less than
   * what its predecessor held: that one is gone, the doubt is not.
   */
  #held(): Readonly<Record<string, number>> {
    const heard = this.#heard?.held ?? {};
    if (this.#term === null) return heard;
    const { full } = this.#parts.reconciler;
    const { held } = this.#parts.reconciler.status();
    if (full.complete > 0) return held;
    const kinds = new Set([...Object.keys(heard), ...Object.keys(held)]);
    return Object.fromEntries([...kinds].map((kind) => [kind, Math.max(heard[kind] ?? 0, held[kind] ?? 0)]));
  }

  /** Goes by what the one that makes the passes has. */
  #follow(): void {
    const { reconciler } = this.#parts;
    reconciler.passOver();
    if (this.#heard === null) return;
    const { intervalsSeconds } = reconciler.status();
    for (const kind of PASS_KINDS) {
      const seconds = this.#heard.intervals[kind];
      if (seconds !== intervalsSeconds[kind]) reconciler.setInterval(kind, seconds);
    }
  }

  #wish(ofAnyEnd: boolean, come: Wish['come']): void {
    if (this.#stopped) come(null);
    else this.#wishes.add({ number: this.leads ? this.askFull() : null, ofAnyEnd, come });
  }

  /** Asks for what is waited for; when nobody answers it is asked for again. */
  async #number(): Promise<void> {
    const asked = [...this.#wishes].filter(({ number }) => number === null);
    if (asked.length === 0) return;
    this.#unasked = null;
    try {
      const number = await this.ask('full', null);
      for (const wish of asked) wish.number ??= number;
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'nobody makes passes over the cloud');
    }
  }

  /** Tells those that wait of the passes that have ended. */
  #settle(): void {
    const told = this.tell() ?? this.#heard;
    if (told === null) return;
    for (const wish of this.#wishes) {
      const count = wish.ofAnyEnd ? told.ended : told.complete;
      if (wish.number === null || !hasReached(wish.number, told.term, count)) continue;
      this.#wishes.delete(wish);
      wish.come(told.report);
    }
  }
}
