import { Counter, Gauge, type Registry } from 'prom-client';
import type { MeasuringState, MetricSourceReport } from './measuring-state.ts';

/** Last words of a source that is heard from. */
const HEARD: ReadonlySet<string> = new Set(['connected', 'caught-up', 'ended']);

/** What comes in of measurements, read at each scrape. */
export function measureSamples(registry: Registry, measuring: MeasuringState): void {
  const reports = (): readonly MetricSourceReport[] => measuring.sources();
  const registers = [registry];
  const counters: readonly (readonly [name: string, help: string, of: (it: MetricSourceReport) => number])[] = [
    ['vigil_samples_received_total', 'Measurements received from a source', (it) => it.received],
    ['vigil_samples_taken_total', 'Measurements of a source that were taken', (it) => it.taken],
    ['vigil_metric_source_gaps_total', 'Times measurements of a source may have been missed', (it) => it.gaps],
  ];
  for (const [name, help, of] of counters) {
    new Counter({
      ...{ name, help, labelNames: ['source'], registers },
      collect() {
        this.reset();
        for (const report of reports()) this.inc({ source: report.name }, of(report));
      },
    });
  }
  new Counter({
    ...{ name: 'vigil_samples_refused_total', help: 'Measurements of a source that were not taken', registers },
    labelNames: ['source', 'reason'],
    collect() {
      this.reset();
      for (const { name, refused } of reports()) {
        for (const { reason, count } of refused) this.inc({ source: name, reason }, count);
      }
    },
  });
  new Gauge({
    ...{ name: 'vigil_metric_source_connected', help: '1 while a source of measurements is heard from', registers },
    labelNames: ['source'],
    collect() {
      this.reset();
      for (const { name, last } of reports()) this.set({ source: name }, HEARD.has(last.kind) ? 1 : 0);
    },
  });
  new Gauge({
    ...{ name: 'vigil_series', help: 'Series measured within the last hour, about', registers },
    collect() {
      this.set(measuring.series.count);
    },
  });
}
