import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { buildApi } from './api/build-api.ts';
import type { Api } from './api/routes/route.ts';
import type { Config } from './config/schema/config.ts';
import type { OpenStackOptions } from './openstack/options.ts';
import { openStackOptions } from './openstack-config.ts';
import { VERSION } from './package.ts';
import { type Reconciling, reconcile } from './reconciling.ts';
import { Service } from './service.ts';
import type { ServiceState } from './service-state.ts';
import { type Simulation, simulateCloud } from './simulated-cloud.ts';
import { openSources } from './sources.ts';
import { openStore } from './stores.ts';
import { collectTombstones } from './tombstones.ts';

/** A running Vigil. */
export interface Running {
  readonly state: ServiceState;
  /** `http://host:port`, where it listens. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts everything a configuration asks for: store, sources, ingest, replica, API. `onFailure` is told when it cannot go on;
 * it must then be stopped. Throws when it cannot begin.
 */
export async function run(config: Config, log: Logger, onFailure: (error: unknown) => void): Promise<Running> {
  const simulations: Simulation[] = [];
  const sources = await openSources(config.sources, {
    cloud: config.cloud,
    simulate: async (settings) => {
      const simulation = await simulateCloud(settings);
      simulations.push(simulation);
      return simulation;
    },
  });
  const store = await openStore(config.store, {
    cloud: config.cloud,
    simulated: simulations.length > 0,
    onProblem: (text) => log.warn(text),
  });
  const openstack = await openStackOf(config, simulations);
  let reconciling: Reconciling | null = null;
  const service = new Service({
    cloud: config.cloud,
    store,
    sources,
    reconciles: openstack !== null,
    log,
    onGap: () => void reconciling?.reconciler.refreshAll(),
  });
  const { token = null, public_access: publicAccess } = config.security;
  const api = buildApi(service, { log, version: VERSION, token, publicAccess, limits: config.api });
  const stop = async (): Promise<void> => {
    await reconciling?.stop();
    await Promise.all(simulations.map((simulation) => simulation.stop()));
    await api.close();
    await service.stop();
  };
  try {
    const address = await listen(api, config.listen);
    await service.start(onFailure);
    for (const simulation of simulations) simulation.start();
    const { interval: full, increment: changes } = config.reconcile;
    if (openstack !== null) reconciling = await reconcile(service, openstack, { full, changes }, log);
    reconciling?.reconciler.start();
    const forgetting$ = collectTombstones(service.model, store, config.tombstones.retention);
    service.running.add(forgetting$.subscribe({ error: onFailure }));
    return { state: service, address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The cloud to reconcile with: the one configured, else the simulated one, else none. */
async function openStackOf(config: Config, simulations: readonly Simulation[]): Promise<OpenStackOptions | null> {
  if (config.openstack !== undefined) return openStackOptions(config.openstack, process.env);
  return simulations[0]?.openstack ?? null;
}

async function listen(api: Api, { host, port }: Config['listen']): Promise<string> {
  try {
    await api.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Error(
        `port ${port} of ${host} is in use: stop what listens there, or choose another with --set listen.port=…`,
      );
    }
    throw new Error(`cannot listen on ${host}:${port}: ${message}`, { cause: error });
  }
  const bound = api.server.address() as AddressInfo;
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
}
