import type { Objective } from './rule.ts';

const SECONDS_PER_HOUR = 3_600;

/** How much was good and bad in an hour, in seconds over all series; what was unknown is in neither. */
export interface HourBucket {
  /** Hours since 1970. */
  readonly hour: number;
  good: number;
  bad: number;
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

/** The time of all series of a rule, good and bad, kept in buckets of an hour for as long as its objective reaches back. */
export class ObjectiveRecord {
  readonly #objective: Objective;
  readonly #buckets: HourBucket[] = [];

  constructor(objective: Objective) {
    this.#objective = objective;
  }

  buckets(): readonly Readonly<HourBucket>[] {
    return this.#buckets;
  }

  /** Takes over what was kept. */
  restore(buckets: readonly HourBucket[]): void {
    this.#buckets.splice(0, Infinity, ...buckets.map((bucket) => ({ ...bucket })));
  }

  /** Counts a step of evaluation: so many series were good and bad at its time, which stands for the seconds before it. */
  count(time: number, seconds: number, good: number, bad: number): void {
    if (good + bad === 0) return;
    const hour = Math.floor(time / SECONDS_PER_HOUR);
    let bucket = this.#buckets.at(-1);
    if (bucket === undefined || bucket.hour < hour) {
      bucket = { hour, good: 0, bad: 0 };
      this.#buckets.push(bucket);
      const oldest = hour - this.#objective.period / SECONDS_PER_HOUR;
      while ((this.#buckets[0]?.hour ?? hour) <= oldest) this.#buckets.shift();
    }
    bucket.good += good * seconds;
    bucket.bad += bad * seconds;
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
    for (const bucket of this.#buckets) {
      if (bucket.hour < hour - hours || bucket.hour > hour) continue;
      good += bucket.good;
      bad += bucket.bad;
    }
    return good + bad === 0 ? null : bad / (good + bad);
  }
}
