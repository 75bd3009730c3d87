import type { Logger } from 'pino';
import type { Decoder } from '../streams/ingest.ts';
import { accessOf } from './access.ts';
import type { Access } from './api/identify.ts';
import type { Config } from './config/schema/config.ts';
import type { Ending } from './ending.ts';
import { connectOpenStack, type OpenStack } from './openstack/connect.ts';
import type { OpenStackOptions } from './openstack/options.ts';
import { openStackOptions } from './openstack-config.ts';
import type { Role } from './roles.ts';
import { Service } from './service.ts';
import { type Simulation, simulateCloud } from './simulated-cloud.ts';
import { openSources } from './sources.ts';
import { Standings } from './standings.ts';
import { openStore } from './stores.ts';

/** What every part of a process stands on. */
export interface Foundation {
  readonly config: Config;
  readonly roles: ReadonlySet<Role>;
  readonly log: Logger;
  /** The model with its store, and the ingest that feeds it where this process ingests. */
  readonly service: Service;
  /** What other processes say of the model; null where this one ingests itself. */
  readonly standings: Standings | null;
  /** The cloud's APIs; null when none is known. */
  readonly openstack: OpenStack | null;
  /** Who may ask this process for what. */
  readonly access: Access;
  /** Simulated clouds that live in this process, at rest until they are started. */
  readonly simulations: readonly Simulation[];
  /** Ends the process for a reason that nothing here can mend. */
  readonly fail: (error: unknown) => void;
}

/** What whoever starts a process gives it beside its configuration. */
export interface Surroundings {
  readonly log: Logger;
  /** Told when it cannot go on. */
  readonly fail: Foundation['fail'];
  /** Ends its waiting for a store. */
  readonly abandoned: AbortSignal;
  /** Where messages are decoded. */
  readonly decoder: Decoder;
}

/** Opens what a configuration names; nothing is received or asked yet. What was opened is noted in `ending`, whatever happens. */
export async function layFoundation(
  config: Config,
  { log, fail, abandoned, decoder }: Surroundings,
  ending: Ending,
): Promise<Foundation> {
  const roles: ReadonlySet<Role> = new Set(config.roles);
  const simulations: Simulation[] = [];
  const sources = await openSources(roles.has('ingest') ? config.sources : [], {
    cloud: config.cloud,
    simulate: async (settings) => {
      const simulation = await simulateCloud(settings);
      ending.add(() => simulation.stop());
      simulations.push(simulation);
      return simulation;
    },
  });
  const openstack = await openStackOf(config, simulations, log);
  if (openstack !== null) ending.add(() => openstack.close());
  const access = await accessOf(config, log, ending);
  const store = await openStore(config.store, {
    cloud: config.cloud,
    simulated: simulations.length > 0,
    onProblem: (text) => log.warn(text),
    atEnd: (work) => ending.add(work),
    abandoned,
  });
  const reconciles = openstack !== null && roles.has('ingest');
  const standings = roles.has('ingest') ? null : new Standings();
  const service = new Service({ cloud: config.cloud, store, sources, decoder, reconciles, standings, log });
  ending.add(() => service.stop());
  return { config, roles, log, service, standings, openstack, access, simulations, fail };
}

/** The cloud to ask: the one configured, else the simulated one, else none. */
async function openStackOf(config: Config, simulations: readonly Simulation[], log: Logger): Promise<OpenStack | null> {
  const options = await optionsOf(config, simulations);
  return options === null ? null : connectOpenStack(options, log);
}

async function optionsOf(config: Config, simulations: readonly Simulation[]): Promise<OpenStackOptions | null> {
  if (config.openstack !== undefined) return openStackOptions(config.openstack, process.env);
  return simulations[0]?.openstack ?? null;
}
