/** A value of one resource over a window, or null when nothing was measured in it. */
export type Measured = number | null;

/** What strategies read of metrics: like the model's View it is of one moment, and what it hands out stays as it is. */
export interface MetricsView {
  /** The mean over the last `seconds` up to now. */
  mean(metric: string, resource: string, seconds: number): Measured;
  /** The samples in the last `seconds`, oldest first, as pairs of time (seconds since 1970) and value. */
  series(metric: string, resource: string, seconds: number): readonly (readonly [time: number, value: number])[];
}
