import { of, Subject } from 'rxjs';
import type { SourceEvent } from '../../source.ts';
import type { Measurement, MetricBatch, Outcome } from '../measurement.ts';
import type { MetricSource } from '../source.ts';

/** A source that others bring measurements to, over HTTP. */
export class ReceivingSource implements MetricSource {
  readonly name: string;
  readonly kind: MetricSource['kind'];
  readonly samples$ = new Subject<MetricBatch>();
  readonly events$;

  constructor(kind: MetricSource['kind'], name: string, address: string) {
    this.kind = kind;
    this.name = name;
    this.events$ = of<SourceEvent>({ kind: 'connected', detail: `listening at ${address}` });
  }

  /** Resolves when it is decided what was taken. */
  receive(measurements: readonly Measurement[]): Promise<Outcome> {
    return new Promise((done) => this.samples$.next({ measurements, done }));
  }
}
