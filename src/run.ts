import type { AddressInfo } from 'node:net';
import { buildApi } from './api/build-api.ts';
import type { Api } from './api/routes/route.ts';
import type { Config } from './config/schema/config.ts';
import { Ending } from './ending.ts';
import { type Foundation, layFoundation, type Surroundings } from './foundation.ts';
import { VERSION } from './package.ts';
import { assemble } from './parts/assemble.ts';
import type { Part } from './parts/part.ts';
import type { ServiceState } from './service-state.ts';

/** A running Vigil. */
export interface Running {
  readonly state: ServiceState;
  /** `http://host:port`, where it listens. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts what a configuration asks of this process: the model, its parts by role, the API. After a failure that it is told of
 * it must be stopped. Throws when it cannot begin, also because its waiting for a store was abandoned.
 */
export async function run(config: Config, surroundings: Surroundings): Promise<Running> {
  const ending = new Ending();
  try {
    const foundation = await layFoundation(config, surroundings, ending);
    const parts = await assemble(foundation);
    const api = apiOf(foundation, parts);
    ending.add(() => api.close());
    const address = await listen(api, config.listen);
    await foundation.service.start(surroundings.fail);
    for (const { begin, end } of parts) {
      if (end !== undefined) ending.add(end);
      await begin?.();
    }
    return { state: foundation.service, address, stop: () => ending.run() };
  } catch (error) {
    await ending.run();
    throw error;
  }
}

/** A process without the role `api` answers what watches over it, and takes in what is brought to it. */
function apiOf({ config, roles, log, service, access }: Foundation, parts: readonly Part[]): Api {
  const operationOnly = !roles.has('api');
  // Fastify tells where it listens, which whoever starts Vigil tells too.
  const quiet = log.isLevelEnabled('warn') ? log.child({}, { level: 'warn' }) : log;
  return buildApi(service, {
    log: quiet,
    version: VERSION,
    access,
    limits: config.api,
    operationOnly,
    parts,
  });
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
