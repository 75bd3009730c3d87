import { Limit } from '../openstack/limit.ts';
import type { Target } from './collector.ts';
import type { Timing } from './timing.ts';

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MILLI = 1_000;
/** A reading that ever new reasons put off is not put off longer than this. */
const LONGEST_PUT_OFF = 30 * MICROS_PER_SECOND;

interface Waiting<R> {
  /** Beyond this it is not put off. */
  readonly latest: number;
  due: number;
  /** While one of them holds, the reading is needed. */
  readonly reasons: (() => boolean)[];
  readonly promise: Promise<R | null>;
}

/**
 * Single things waiting to be read: each once, however often it is asked for, after a delay that lets what is under way
 * settle, and only so many at once.
 */
export class TargetQueue<R> {
  readonly #timing: Timing;
  readonly #work: (target: Target) => Promise<R>;
  readonly #limit: Limit;
  readonly #most: number;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, Waiting<R>>();
  readonly #underWay = new Set<Promise<unknown>>();

  /** More than `most` waiting are refused. */
  constructor(
    timing: Timing,
    work: (target: Target) => Promise<R>,
    limits: { readonly atOnce: number; readonly most: number },
    signal: AbortSignal,
  ) {
    this.#timing = timing;
    this.#work = work;
    this.#limit = new Limit(limits.atOnce);
    this.#most = limits.most;
    this.#signal = signal;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Asks for a reading that begins after now and a delay; whether it is still `needed` is looked at when it is due. The
   * promise resolves with what it gave, or with null when it was not needed any more or all was stopped. Null instead of
   * a promise: the queue is full.
   */
  ask(target: Target, delaySeconds: number, needed: () => boolean = () => true): Promise<R | null> | null {
    const key = `${target.kind}/${target.id}/${delaySeconds}`;
    const due = this.#timing.now() + delaySeconds * MICROS_PER_SECOND;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.due = Math.min(due, waiting.latest);
      waiting.reasons.push(needed);
      return waiting.promise;
    }
    if (this.#waiting.size >= this.#most) return null;
    const reasons = [needed];
    const added: Waiting<R> = {
      latest: due + LONGEST_PUT_OFF,
      due,
      reasons,
      // Begins in a later turn, so that it finds itself among those waiting.
      promise: Promise.resolve().then(() => this.#attend(key, target)),
    };
    this.#waiting.set(key, added);
    this.#keepInSight(added.promise);
    return added.promise;
  }

  /** Resolves when nothing is being read any more: soon, once all was stopped. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  #keepInSight(reading: Promise<unknown>): void {
    this.#underWay.add(reading);
    const forget = (): boolean => this.#underWay.delete(reading);
    reading.then(forget, forget);
  }

  async #attend(key: string, target: Target): Promise<R | null> {
    const left = (): number => (this.#waiting.get(key)?.due ?? 0) - this.#timing.now();
    while (left() > 0 && !this.#signal.aborted) await this.#timing.wait(left() / MICROS_PER_MILLI, this.#signal);
    return this.#limit.run(async () => {
      const reasons = this.#waiting.get(key)?.reasons ?? [];
      // What is asked for from here on needs a reading of its own, after this.
      this.#waiting.delete(key);
      if (this.#signal.aborted || !reasons.some((needed) => needed())) return null;
      return this.#work(target);
    });
  }
}
