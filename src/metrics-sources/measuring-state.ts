import type { Observable } from 'rxjs';
import type { Sample } from '../../model/metrics/sample.ts';
import type { MetricSourceKind, SupportLevel } from '../../streams/metrics/kinds.ts';
import type { RefusalCount } from '../../streams/metrics/refusal-counts.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import type { SourceEvent } from '../../streams/source.ts';

/** What the rest of the service may know of the measurements that come in. */
export interface MeasuringState {
  /** Every sample taken, as they come together. */
  readonly samples$: Observable<readonly Sample[]>;
  /** Series measured within the last hour, about, and how many there may be. */
  readonly series: { readonly count: number; readonly limit: number };
  sources(): readonly MetricSourceReport[];
  /** The source of a class that others bring measurements to. Throws VigilError when none is configured, or not yet begun. */
  receiver<T extends MetricSource>(type: new (...args: never[]) => T, kind: MetricSourceKind): T;
}

export interface MetricSourceReport {
  readonly name: string;
  readonly kind: MetricSourceKind;
  readonly support: SupportLevel;
  readonly last: SourceEvent;
  /** Measurements since the start. */
  readonly received: number;
  readonly taken: number;
  readonly refused: readonly RefusalCount[];
  /** Times measurements may have been missed. */
  readonly gaps: number;
}
