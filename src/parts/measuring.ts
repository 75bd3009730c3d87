import { metricTable } from '../../model/metrics/catalogue.ts';
import { Intake } from '../../streams/metrics/intake.ts';
import { ModelNaming } from '../../streams/metrics/naming.ts';
import { samplesRoute } from '../api/routes/sla-samples.ts';
import { metricSourcesRoute } from '../api/routes/sla-sources.ts';
import { ownMetric } from '../config/schema/own-metrics.ts';
import type { Foundation } from '../foundation.ts';
import { Measuring } from '../metrics-sources/measuring.ts';
import { openMetricSources } from '../metrics-sources/open-sources.ts';
import { measureSamples } from '../metrics-sources/sample-metrics.ts';
import type { Part } from './part.ts';

/** Takes in what the configured sources measure, for those parts that are given it. */
export function measuring({ config, service, log }: Foundation): Part & { readonly measuring: Measuring } {
  const { sources, max_series: series, samples_per_second: samplesPerSecond, oldest } = config.metrics;
  const metrics = metricTable(config.metrics.own.map(ownMetric));
  const naming = new ModelNaming(service.model);
  const intake = new Intake((metric) => metrics.get(metric)?.of ?? null, naming, { series, samplesPerSecond, oldest });
  const measuring = new Measuring(openMetricSources(sources, service), intake, series, log);
  return {
    measuring,
    routes: (api) => {
      samplesRoute(api, measuring);
      metricSourcesRoute(api, measuring);
    },
    measure: (registry) => measureSamples(registry, measuring),
    begin: () => {
      service.measuring = measuring;
      service.running.add(measuring.start());
    },
  };
}
