import type { Logger } from 'pino';
import { clockTime } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import type { LiveModel } from '../../model/live-model.ts';
import { REGISTER } from '../../model/registers.ts';
import { compareRevisions, NO_REVISION, type Revision } from '../../model/revision.ts';
import type { ModelStore } from '../../model/store.ts';
import { Undecodable } from '../../streams/decode/undecodable.ts';
import { type Stamp, stampOf } from '../../streams/reading/read.ts';
import { ApiError } from '../openstack/errors.ts';
import type { Nova } from '../openstack/nova.ts';
import type { Placement } from '../openstack/placement.ts';
import { type Fields, newGlobalRequestId, type Read, type ReadOptions } from '../openstack/reading-client.ts';
import { correctionsOf, type Drift, NOTHING_TOLD } from './drift.ts';
import type { Timing } from './timing.ts';

/** What every read of the cloud needs. */
export interface PassParts {
  readonly nova: Nova;
  /** Null when the cloud has none: then what a host has to give and what is claimed of it is not known. */
  readonly placement: Placement | null;
  readonly store: ModelStore;
  /** The replica of that store in this process. */
  readonly model: LiveModel;
  readonly drift: Drift;
  readonly timing: Timing;
  readonly log: Logger;
  readonly options: PassOptions;
}

export interface PassOptions {
  /** Things asked for at once: what a pass holds in memory at a time. nova gives at most 1000 by default. */
  readonly pageSize: number;
  /** Requests under way at once where each thing has to be asked for by itself. */
  readonly atOnce: number;
}

export const PASS_DEFAULTS: PassOptions = { pageSize: 500, atOnce: 4 };

/** How many problems are told one by one. */
const PROBLEMS_TOLD = 20;
/** Facts committed at a time: others get the thread in between. */
const COMMIT_FACTS = 500;
const LOOK_EVERY = 5;
const MICROS_PER_MILLI = 1_000;
/** What a fact costs the thread from its bytes to the store, in milliseconds: measured, with 200,000 instances. */
const FACT_COST = 0.015;
/** What comparing and committing has of that. */
const COMMIT_SHARE = 1 / 2;
/** Many times as long as measured is no slow machine but a pause. */
const SLOWEST = 8;
/** With the thread this busy a pass rests so many times as long as it worked: ingest goes first. */
const BUSY = 0.8;
const REST = 10;

/** What one read of the cloud, of all or a part of it, has done. */
export interface PassCounts {
  /** Things that were read. */
  read: number;
  /** Registers that were wrong. */
  corrections: number;
  /** Things found to be gone. */
  gone: number;
}

/**
 * One undertaking that reads a part of the cloud or all of it: commits what it read as it goes, counts what that corrected,
 * and collects what went wrong. All its requests have one global request id.
 */
export class Pass {
  readonly parts: PassParts;
  readonly reading: ReadOptions & { readonly signal: AbortSignal };
  readonly counts: PassCounts = { read: 0, corrections: 0, gone: 0 };
  /** Instances that nova has although their end was told, by uuid: they may have been about to end. */
  readonly revived: string[] = [];
  readonly #problems: string[] = [];
  #untold = 0;
  #revision: Revision = NO_REVISION;
  /** How many times as long as measured things take on this machine, which may be slow, or have others to serve. */
  #slowness = 1;

  constructor(parts: PassParts, signal: AbortSignal) {
    this.parts = parts;
    this.reading = { signal, globalRequestId: newGlobalRequestId() };
  }

  /** What went wrong, a sentence each. */
  get problems(): readonly string[] {
    return this.#untold === 0 ? this.#problems : [...this.#problems, `and ${this.#untold} more problems`];
  }

  problem(text: string): void {
    if (this.#problems.length < PROBLEMS_TOLD) this.#problems.push(text);
    else this.#untold += 1;
    // When the process or its term ends, all that is under way is cut short: that is as it should be.
    const level = this.reading.signal.aborted ? 'debug' : 'warn';
    this.parts.log[level]({ global_request_id: this.reading.globalRequestId }, text);
  }

  /**
   * Does a part of the undertaking; when an API fails in it, that is a problem and the others go on. Whether it succeeded.
   */
  async attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof Undecodable)) throw error;
      this.problem(`${what}: ${error.message}`);
      return false;
    }
  }

  /** The facts of each of what was read; what cannot be used of it is a problem and tells nothing. */
  factsOfAll(read: Read<readonly Fields[]>, factsOf: (one: Fields, stamp: Stamp) => readonly Fact[]): Fact[] {
    const stamp = stamped(read);
    return read.value.flatMap((one) => {
      try {
        return factsOf(one, stamp);
      } catch (error) {
        if (!(error instanceof Undecodable)) throw error;
        const { request, id } = read.reading;
        this.problem(`${request} (${id}) tells of ${nameOf(one)} what cannot be used: ${error.message}`);
        return [];
      }
    });
  }

  /** Commits what was read and counts what it corrects. */
  async commit(facts: readonly Fact[]): Promise<void> {
    const { store, model, drift, timing } = this.parts;
    for (let from = 0; from < facts.length; from += COMMIT_FACTS) {
      const some = facts.slice(from, from + COMMIT_FACTS);
      const begun = timing.now();
      const corrections = correctionsOf(some, model);
      const committing = store.commit(some);
      this.#measure(some.length, timing.now() - begun);
      const { revision } = await committing;
      this.#revision = revision;
      this.counts.corrections += drift.add(corrections);
      await this.rest(some.length * FACT_COST);
    }
  }

  /**
   * Takes back that an element is gone: nova has it, whatever was told. Its tombstone is forgotten with all else, so that
   * what was read stands alone.
   */
  async revive(element: ElementKey, facts: readonly Fact[]): Promise<void> {
    const { store, model, drift } = this.parts;
    const tombstone = model.explain(element)?.find(({ register }) => register === REGISTER.life);
    await store.collect([element]);
    const { revision } = await store.commit(facts);
    this.#revision = revision;
    const cause = tombstone?.cause.event ?? NOTHING_TOLD;
    this.counts.corrections += drift.add([{ element, register: REGISTER.life, cause, early: false }]);
  }

  /**
   * Takes back the end of what a list has although it was told to be gone before the list was asked for: such a thing is
   * there. `lifeOf` names the register of its end.
   */
  async reviveListed(read: Read<unknown>, facts: readonly Fact[], lifeOf: (fact: Fact) => string): Promise<void> {
    const { model } = this.parts;
    const buried = new Set<ElementKey>();
    for (const fact of facts) {
      const life = model.explain(fact.element)?.find(({ register }) => register === lifeOf(fact));
      if (life?.value === true && clockTime(life.clock) < read.reading.sent) buried.add(fact.element);
    }
    for (const element of buried) {
      await this.revive(
        element,
        facts.filter((fact) => fact.element === element),
      );
    }
  }

  /** After work that should take so many milliseconds: lets others have the thread while they need it. */
  async rest(worked: number): Promise<void> {
    const { timing } = this.parts;
    if (timing.load() > BUSY) await timing.wait(worked * this.#slowness * REST, this.reading.signal);
  }

  /** Takes note of how long comparing and committing so many facts took, in µs: it tells what all else takes here. */
  #measure(facts: number, micros: number): void {
    const expected = facts * FACT_COST * COMMIT_SHARE * MICROS_PER_MILLI;
    this.#slowness = Math.min(Math.max(1, micros / expected), SLOWEST);
  }

  /** Resolves once the replica has everything that this pass committed, or the pass was stopped. */
  async replicated(): Promise<void> {
    const { model, timing } = this.parts;
    const { signal } = this.reading;
    while (compareRevisions(model.revision, this.#revision) < 0 && !signal.aborted)
      await timing.wait(LOOK_EVERY, signal);
  }
}

/** What the facts of an answer share. The present moment is the one of the answer, in the service's own clock. */
export function stamped({ reading, received }: Read<unknown>): Stamp {
  return stampOf(reading, received, received);
}

function nameOf(one: Fields): string {
  return String(one.uuid ?? one.id ?? one.name ?? 'something').slice(0, 100);
}
