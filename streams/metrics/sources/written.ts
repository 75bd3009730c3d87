import type { Metric } from '../../../model/metrics/metric.ts';
import type { Outcome } from '../measurement.ts';
import type { WrittenSeries } from '../remote-write/write-request.ts';
import { writtenMeasurements, writtenNames } from '../remote-write/written-names.ts';
import { ReceivingSource } from './receiving.ts';

/** What a Prometheus writes here. */
export class WrittenSource extends ReceivingSource {
  /** Bytes a request may have when it is unpacked. */
  readonly maxBytes: number;
  readonly #names: ReturnType<typeof writtenNames>;

  constructor(name: string, metrics: Iterable<Metric>, maxBytes: number) {
    super('remote-write', name, 'POST /sla/prometheus/write');
    this.maxBytes = maxBytes;
    this.#names = writtenNames(metrics);
  }

  write(series: readonly WrittenSeries[]): Promise<Outcome> {
    return this.receive(writtenMeasurements(series, this.#names));
  }
}
