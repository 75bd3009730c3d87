/** What is measured: a host by the name nova-compute gives itself, or an instance by its uuid. */
export type ResourceKind = 'host' | 'instance';

/** One measured value of one resource. */
export interface Sample {
  /** A name of the catalogue, or of the operator's own metrics. */
  readonly metric: string;
  /** Host name or instance uuid, as the metric's scope says. */
  readonly resource: string;
  readonly value: number;
  /** When it was measured, in seconds since 1970, by the clock of whoever measured. */
  readonly time: number;
}
