import { Observable, ReplaySubject } from 'rxjs';
import type { Measurement, MetricBatch } from '../../streams/metrics/measurement.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import type { SourceEvent } from '../../streams/source.ts';

const DETAIL = 'what is measured in the simulated cloud of this process';

/** Measures every so many milliseconds of real time, unless the last batch is not done yet. */
export function metricSource(name: string, measure: () => readonly Measurement[], every: number): MetricSource {
  const events$ = new ReplaySubject<SourceEvent>(1);
  const samples$ = new Observable<MetricBatch>((subscriber) => {
    let open = false;
    const timer = setInterval(() => {
      if (open) return;
      open = true;
      const done = (): void => {
        open = false;
      };
      subscriber.next({ measurements: measure(), done });
    }, every);
    events$.next({ kind: 'connected', detail: DETAIL });
    return () => {
      clearInterval(timer);
      events$.next({ kind: 'ended', detail: DETAIL });
    };
  });
  return { name, kind: 'simulator', samples$, events$ };
}
