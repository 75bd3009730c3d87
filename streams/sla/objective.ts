import type { Objective } from './rule.ts';
import { grown } from './windows/grow.ts';

type Goal = Pick<Objective, 'target' | 'period'>;

const SECONDS_PER_HOUR = 3_600;

/** How much was good and bad in an hour, in seconds over all series; what was unknown is in neither. */
export interface HourBucket {
  /** Hours since 1970. */
  readonly hour: number;
  readonly good: number;
  readonly bad: number;
}

/** How an objective stands. */
export interface ObjectiveStanding {
  /** Share of the measured time that was good, 0 to 1; null when nothing was measured. */
  readonly reached: number | null;
  /** How much of the allowed violation is left, 1 for all, negative when more than it was used; null likewise. */
  readonly budgetLeft: number | null;
  /** How fast it is used up, by window: 1 uses it up just at the end of the period. */
  readonly burnRates: { readonly [window: string]: number | null };
}

/** The windows over which burn rates are told, in hours: a fast burn shows in the first, a slow one in the last. */
const BURN_WINDOWS = { '1h': 1, '6h': 6, '3d': 72 } as const;

/** Good and bad time in buckets of an hour, for as long as an objective reaches back: two numbers an hour. */
export class ObjectiveRecord {
  readonly #objective: Goal;
  readonly #most: number;
  /** Pairs of good and bad seconds, an hour each from the first on. */
  #pairs = new Float64Array(0);
  #first = 0;
  #count = 0;

  constructor(objective: Goal) {
    this.#objective = objective;
    this.#most = objective.period / SECONDS_PER_HOUR;
  }

  /** The hour in which something was counted last; null before. */
  get last(): number | null {
    return this.#count === 0 ? null : this.#first + this.#count - 1;
  }

  /** The hours in which something was counted. */
  buckets(): HourBucket[] {
    const buckets: HourBucket[] = [];
    for (let i = 0; i < this.#count; i++) {
      const bucket = this.bucket(this.#first + i);
      if (bucket.good + bucket.bad > 0) buckets.push(bucket);
    }
    return buckets;
  }

  bucket(hour: number): HourBucket {
    const at = 2 * (hour - this.#first);
    const held = hour >= this.#first && hour < this.#first + this.#count;
    return { hour, good: held ? (this.#pairs[at] ?? 0) : 0, bad: held ? (this.#pairs[at + 1] ?? 0) : 0 };
  }

  /** Takes over what was kept, the oldest first. */
  restore(buckets: Iterable<HourBucket>): void {
    this.#count = 0;
    for (const { hour, good, bad } of buckets) this.add(hour, good, bad);
  }

  /** Counts a step of evaluation: so many series were good and bad at its time, which stands for the seconds before it. */
  count(time: number, seconds: number, good: number, bad: number): void {
    if (good + bad === 0) return;
    this.add(Math.floor(time / SECONDS_PER_HOUR), good * seconds, bad * seconds);
  }

  /** Adds seconds to an hour, or to the last one when that is later. */
  add(hour: number, good: number, bad: number): void {
    const at = 2 * (this.#reach(hour) - this.#first);
    this.#pairs[at] = (this.#pairs[at] ?? 0) + good;
    this.#pairs[at + 1] = (this.#pairs[at + 1] ?? 0) + bad;
  }

  /** Makes room for an hour, letting go what is too old for it; the last one when that is later. */
  #reach(hour: number): number {
    const last = this.last;
    if (last !== null && hour <= last) return last;
    if (last === null || hour - last >= this.#most) {
      this.#first = hour;
      this.#count = 0;
    }
    const old = Math.max(0, hour - this.#first + 1 - this.#most);
    this.#pairs.copyWithin(0, 2 * old, 2 * this.#count);
    this.#first += old;
    const held = this.#count - old;
    this.#count = hour - this.#first + 1;
    this.#pairs = grown(this.#pairs, 2 * this.#count);
    this.#pairs.fill(0, 2 * held, 2 * this.#count);
    return hour;
  }

  /** How it stands at a time. */
  standing(time: number): ObjectiveStanding {
    const hour = Math.floor(time / SECONDS_PER_HOUR);
    const allowed = 1 - this.#objective.target;
    const bad = this.#badShare(hour, this.#objective.period / SECONDS_PER_HOUR);
    const burnRates = Object.entries(BURN_WINDOWS).map(([name, hours]) => {
      const share = this.#badShare(hour, hours);
      return [name, share === null ? null : share / allowed];
    });
    return {
      reached: bad === null ? null : 1 - bad,
      budgetLeft: bad === null ? null : 1 - bad / allowed,
      burnRates: Object.fromEntries(burnRates),
    };
  }

  /** The share of bad time in the hour under way and so many before it. */
  #badShare(hour: number, hours: number): number | null {
    let good = 0;
    let bad = 0;
    const begin = Math.max(0, hour - hours - this.#first);
    const end = Math.min(this.#count, hour + 1 - this.#first);
    for (let at = 2 * begin; at < 2 * end; at += 2) {
      good += this.#pairs[at] ?? 0;
      bad += this.#pairs[at + 1] ?? 0;
    }
    return good + bad === 0 ? null : bad / (good + bad);
  }
}
