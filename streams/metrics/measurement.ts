import type { Provision } from '../../model/metrics/metric.ts';

/** What a source says of whom it measured; which of the labels names the element is found out by {@link Naming}. */
export type Labels = { readonly [label: string]: string };

/** One measured value as its source tells it, before it is known which host or instance it is of. */
export interface Measurement {
  /** A name of the metric catalogue. */
  readonly metric: string;
  /** Shared by all measurements of a series. */
  readonly labels: Labels;
  readonly value: number;
  /** How the value becomes one of the metric, where it is not yet. */
  readonly provision?: Conversion;
  /** When it was measured, in seconds since 1970, by the clock of whoever measured. */
  readonly time: number;
}

/** Of what a source's values are, and how they are turned into the metric's unit. */
export type Conversion = Pick<Provision, 'of' | 'counter' | 'perVcpu' | 'scale'>;

/** Measurements that arrived together. */
export interface MetricBatch {
  readonly measurements: readonly Measurement[];
  /** To be called once, when it is decided which were taken; gives the source credit back. */
  done(outcome: Outcome): void;
}

/** What became of a batch. */
export interface Outcome {
  readonly taken: number;
  /** In the order of the batch. */
  readonly refused: readonly Refused[];
}

export interface Refused {
  /** The place of the measurement in its batch. */
  readonly at: number;
  readonly reason: RefusalReason;
}

/** Why a measurement was not taken; each with what an operator can make of it. */
export const REFUSALS = {
  'unknown-metric': 'the metric is not in the catalogue; add it under metrics.own, or do not send it',
  unmapped: 'none of the labels names a host or an instance of the model',
  ambiguous: 'the labels name several elements; add one that tells them apart (uuid, or the host)',
  'unknown-size': 'the value is of all vCPUs together, and how many the instance has is not known yet',
  'not-a-number': 'the value is not a finite number',
  'too-old': 'the time is older than metrics.oldest; is the clock of whoever measures right?',
  'in-the-future': 'the time is more than a minute ahead; is the clock of whoever measures right?',
  'over-rate': 'the source sends more than metrics.samples_per_second on average over a minute',
  'too-many-series': 'metrics.max_series are held already; measure less, or raise it',
} as const;

export type RefusalReason = keyof typeof REFUSALS;
