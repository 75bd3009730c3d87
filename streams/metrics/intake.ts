import type { ResourceKind, Sample } from '../../model/metrics/sample.ts';
import { Allowance } from './allowance.ts';
import type { Conversion, Measurement, MetricBatch, RefusalReason, Refused } from './measurement.ts';
import type { Naming } from './naming.ts';
import { Rates } from './rates.ts';
import { type RefusalCount, RefusalCounts } from './refusal-counts.ts';
import { SeriesLimit } from './series-limit.ts';

/** What a metric may be of, by its name; null for one that is not in the catalogue. */
export type ScopeOf = (metric: string) => readonly ResourceKind[] | null;

export interface IntakeLimits {
  /** Series held at once, over all sources. */
  readonly series: number;
  /** Of each source, on average over a minute. */
  readonly samplesPerSecond: number;
  /** Seconds a sample may be old. */
  readonly oldest: number;
}

/** What became of one source's measurements since the start. */
export interface IntakeCounts {
  readonly received: number;
  readonly taken: number;
  readonly refused: readonly RefusalCount[];
}

/** Clocks differ: a sample may be this far ahead of ours, in seconds. */
const AHEAD_SECONDS = 60;

interface SourceIntake {
  received: number;
  taken: number;
  readonly refused: RefusalCounts;
  readonly allowance: Allowance;
}

/**
 * Makes samples of measurements: those of known metrics, of elements that the model has, of a believable time, within the
 * limits. All others are refused with a reason, counted, and shown by examples.
 */
export class Intake {
  readonly #scopeOf: ScopeOf;
  readonly #naming: Naming;
  readonly #limits: IntakeLimits;
  readonly #series: SeriesLimit;
  readonly #rates: Rates;
  readonly #sources = new Map<string, SourceIntake>();

  constructor(scopeOf: ScopeOf, naming: Naming, limits: IntakeLimits) {
    this.#scopeOf = scopeOf;
    this.#naming = naming;
    this.#limits = limits;
    this.#series = new SeriesLimit(limits.series);
    this.#rates = new Rates(limits.series);
  }

  /** Series that were measured within the last hour, about. */
  get seriesCount(): number {
    return this.#series.count;
  }

  /** The samples in a batch of a source. `now` in seconds since 1970. */
  take(source: string, batch: MetricBatch, now: number): Sample[] {
    const intake = this.#of(source);
    const samples: Sample[] = [];
    const refused: Refused[] = [];
    for (const [at, measurement] of batch.measurements.entries()) {
      const judged = this.#judge(measurement, intake.allowance, now);
      if (typeof judged === 'string') {
        refused.push({ at, reason: judged });
        intake.refused.add(judged, measurement);
      } else if (judged !== null) samples.push(judged);
    }
    const taken = batch.measurements.length - refused.length;
    intake.received += batch.measurements.length;
    intake.taken += taken;
    batch.done({ taken, refused });
    return samples;
  }

  counts(source: string): IntakeCounts {
    const { received, taken, refused } = this.#of(source);
    return { received, taken, refused: refused.read() };
  }

  /** The sample a measurement is; null while more are needed to make one (of a counter). */
  #judge(measurement: Measurement, allowance: Allowance, now: number): Sample | RefusalReason | null {
    if (!allowance.take(now)) return 'over-rate';
    const { metric, labels, value, time, provision } = measurement;
    const scope = this.#scopeOf(metric);
    if (scope === null) return 'unknown-metric';
    const kinds = provision === undefined ? scope : [provision.of];
    if (!Number.isFinite(value)) return 'not-a-number';
    if (!(time >= now - this.#limits.oldest)) return 'too-old';
    if (time > now + AHEAD_SECONDS) return 'in-the-future';
    const named = this.#name(labels, kinds);
    if (typeof named === 'string') return named;
    if (!this.#series.admit(metric, named.resource, now)) return 'too-many-series';
    const { resource } = named;
    return provision === undefined
      ? { metric, resource, value, time }
      : this.#convert(measurement, provision, resource);
  }

  #convert(
    { metric, value, time }: Measurement,
    provision: Conversion,
    resource: string,
  ): Sample | RefusalReason | null {
    const { counter, perVcpu, scale = 1 } = provision;
    const vcpus = perVcpu === true ? this.#naming.vcpus(resource) : 1;
    if (vcpus === null) return 'unknown-size';
    const rate = counter === true ? this.#rates.next(metric, resource, value, time) : value;
    return rate === null ? null : { metric, resource, value: (rate * scale) / vcpus, time };
  }

  #name(labels: Measurement['labels'], kinds: readonly ResourceKind[]): ReturnType<Naming['find']> {
    let failure: 'unmapped' | 'ambiguous' = 'unmapped';
    for (const kind of kinds) {
      const named = this.#naming.find(labels, kind);
      if (typeof named !== 'string') return named;
      if (named === 'ambiguous') failure = named;
    }
    return failure;
  }

  #of(source: string): SourceIntake {
    let intake = this.#sources.get(source);
    if (intake === undefined) {
      const allowance = new Allowance(this.#limits.samplesPerSecond);
      intake = { received: 0, taken: 0, refused: new RefusalCounts(), allowance };
      this.#sources.set(source, intake);
    }
    return intake;
  }
}
