import { EMPTY } from 'rxjs';
import { metricTable } from '../../model/metrics/catalogue.ts';
import { ElementNames } from '../../streams/metrics/element-names.ts';
import { Intake } from '../../streams/metrics/intake.ts';
import { ModelNaming } from '../../streams/metrics/naming.ts';
import type { Api } from '../api/routes/route.ts';
import { alertmanagerRoute } from '../api/routes/sla-alertmanager.ts';
import { remoteWriteRoute } from '../api/routes/sla-remote-write.ts';
import { samplesRoute } from '../api/routes/sla-samples.ts';
import { metricSourcesRoute } from '../api/routes/sla-sources.ts';
import { ownMetric } from '../config/schema/own-metrics.ts';
import { VigilError } from '../errors.ts';
import type { Foundation } from '../foundation.ts';
import { Measuring } from '../metrics-sources/measuring.ts';
import type { MeasuringState } from '../metrics-sources/measuring-state.ts';
import { openMetricSource } from '../metrics-sources/open-sources.ts';
import { measureSamples } from '../metrics-sources/sample-metrics.ts';
import type { Part } from './part.ts';

/** Takes in what the configured sources and simulated clouds measure, for those parts that are given it. */
export async function measuring({
  config,
  service,
  openstack,
  simulations,
  roles,
  log,
}: Foundation): Promise<Part & { readonly measuring: Measuring }> {
  const { sources, max_series: series, samples_per_second: samplesPerSecond, oldest } = config.metrics;
  const names = new ElementNames();
  const naming = new ModelNaming(service.model, names);
  const metrics = metricTable(config.metrics.own.map(ownMetric));
  const intake = new Intake((metric) => metrics.get(metric)?.of ?? null, naming, { series, samplesPerSecond, oldest });
  const ingests = roles.has('ingest');
  const context = { cloud: config.cloud, service, ingests, openstack, metrics, oldest };
  const opened = await Promise.all(sources.map((source) => openMetricSource(source, context)));
  const all = [...opened, ...simulations.map(({ metrics: simulated }) => simulated)];
  const measuring = new Measuring(all, intake, series, log);
  return {
    measuring,
    takesIn: (api) => measuringRoutes(api, measuring),
    measure: (registry) => measureSamples(registry, measuring),
    begin: () => {
      names.load(service.model);
      service.running.add(
        service.feed$.subscribe((item) => {
          if (item.kind === 'resync') names.load(service.model);
          else for (const change of item.changes) names.observe(change);
        }),
      );
      service.measuring = measuring;
      service.running.add(measuring.start());
    },
  };
}

/** Says of a process that takes no measurements in where they are to be brought. */
export function notMeasuring(): Part & { readonly measuring: null } {
  const refuse = (): never => {
    throw new VigilError('not-measured-here');
  };
  const nothing = { samples$: EMPTY, series: { count: 0, limit: 0 }, sources: refuse, receiver: refuse };
  return { measuring: null, routes: (api) => measuringRoutes(api, nothing) };
}

function measuringRoutes(api: Api, measuring: MeasuringState): void {
  samplesRoute(api, measuring);
  metricSourcesRoute(api, measuring);
  remoteWriteRoute(api, measuring);
  alertmanagerRoute(api, measuring);
}
