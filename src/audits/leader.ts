import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, Ledger } from '../../model/ledger.ts';

const MILLIS = 1_000;
/** A lease is prolonged so many times while it lasts. */
const RENEWALS = 3;
/** Of a lease only this part is relied on: the rest is for what was asked to be still on its way. */
const RELIED_ON = 0.8;

/** The time in which this process alone acts. */
export interface Term {
  readonly lease: Lease;
  /** Aborted when it has ended. */
  readonly signal: AbortSignal;
  /** Whether it has surely not ended, by this process's steady clock; asks nobody. */
  stands(): boolean;
  /** Prolongs the lease; false when it was lost. To be asked right before doing what nobody else may be doing. */
  confirm(): Promise<boolean>;
}

/** Names this start of this process as the holder of leases. */
export function newHolder(): string {
  return `${hostname()}/${process.pid}/${randomUUID()}`;
}

/** Takes a lease whenever it is free, and works while it is held. */
export class Leader {
  readonly #ledger: Ledger;
  readonly #name: string;
  readonly #holder: string;
  readonly #millis: number;

  /** `holder` must differ for each start of a process; the lease lasts so many seconds when its holder is gone. */
  constructor(ledger: Ledger, name: string, holder: string, seconds: number) {
    this.#ledger = ledger;
    this.#name = name;
    this.#holder = holder;
    this.#millis = seconds * MILLIS;
  }

  /** Until aborted: waits for the lease, works until it is lost (the work has to end with its term), and so on. */
  async run(signal: AbortSignal, work: (term: Term) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const term = await this.#begin(signal);
      if (term !== null) await this.#serve(term, work);
      await pause(this.#millis / RENEWALS, signal);
    }
  }

  async #begin(signal: AbortSignal): Promise<RunningTerm | null> {
    const asked = performance.now();
    const lease = await this.#ledger.lease(this.#name, this.#holder, this.#millis);
    return lease === null ? null : new RunningTerm(this.#ledger, lease, this.#millis, asked, signal);
  }

  async #serve(term: RunningTerm, work: (term: Term) => Promise<void>): Promise<void> {
    const renewing = term.keep();
    try {
      await work(term);
    } finally {
      term.end();
      await renewing;
      await this.#ledger.release(term.lease).catch(() => undefined); // it ends by itself
    }
  }
}

class RunningTerm implements Term {
  readonly lease: Lease;
  readonly #ledger: Ledger;
  readonly #millis: number;
  readonly #ended = new AbortController();
  readonly signal: AbortSignal;
  #until: number;

  constructor(ledger: Ledger, lease: Lease, millis: number, asked: number, outer: AbortSignal) {
    this.#ledger = ledger;
    this.lease = lease;
    this.#millis = millis;
    this.#until = asked + millis * RELIED_ON;
    this.signal = AbortSignal.any([this.#ended.signal, outer]);
  }

  stands(): boolean {
    return !this.signal.aborted && performance.now() < this.#until;
  }

  async confirm(): Promise<boolean> {
    if (this.signal.aborted) return false;
    const asked = performance.now();
    const { name, holder, token } = this.lease;
    const renewed = await this.#ledger.lease(name, holder, this.#millis);
    if (renewed?.token !== token) this.end();
    else this.#until = asked + this.#millis * RELIED_ON;
    return this.stands();
  }

  end(): void {
    this.#ended.abort();
  }

  /** Prolongs it until it ends. A ledger that cannot be reached for long ends it too. */
  async keep(): Promise<void> {
    while (!this.signal.aborted) {
      await pause(this.#millis / RENEWALS, this.signal);
      const late = pause(this.#until - performance.now(), this.signal).then(() => false);
      const renewed = this.confirm().catch(() => false);
      if (!(await Promise.race([renewed, late])) && !this.stands()) this.end();
    }
  }
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, millis), undefined, { signal }).catch(() => undefined);
}
