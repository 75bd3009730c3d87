import type { Observable } from 'rxjs';
import type { SourceEvent } from '../source.ts';
import type { MetricSourceKind } from './kinds.ts';
import type { MetricBatch } from './measurement.ts';

/**
 * A source of measurements: the one type behind which all of them stand. Subscribing to `samples$` begins to ask or to
 * listen, unsubscribing ends that. A source tries again by itself and never errors: what goes wrong is told by `events$`.
 * It holds no more than one batch that is not done, or a window of them.
 */
export interface MetricSource {
  /** Short and unique among the configured ones: `prometheus:cloud`. */
  readonly name: string;
  /** What it speaks; {@link METRIC_SOURCES} says how well that is supported. */
  readonly kind: MetricSourceKind;
  readonly samples$: Observable<MetricBatch>;
  /** Replays the latest event to a new subscriber. */
  readonly events$: Observable<SourceEvent>;
}
