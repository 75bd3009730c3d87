import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelStore } from '../model/store.ts';
import { openEmbeddedStore } from '../model/stores/embedded/embedded-store.ts';
import { openRedisStore } from '../model/stores/redis/redis-store.ts';
import type { StoreConfig } from './config/schema/store.ts';
import { readTlsFiles } from './tls-files.ts';

export interface StoreContext {
  readonly cloud: string;
  /** The cloud is simulated and begins anew with every start: what was kept of the last one is of no use. */
  readonly simulated: boolean;
  readonly onProblem: (text: string) => void;
  /** Notes what is to be done once the store is closed. */
  readonly atEnd: (work: () => Promise<void>) => void;
  /** Ends the waiting for a store that cannot be reached. */
  readonly abandoned: AbortSignal;
}

/** Opens the store a configuration names. */
export async function openStore(config: StoreConfig, context: StoreContext): Promise<ModelStore> {
  const { cloud, onProblem } = context;
  if (config.kind === 'embedded') {
    const { path, retention, temporary } = config;
    if (temporary) {
      const own = await mkdtemp(join(tmpdir(), 'vigil-'));
      context.atEnd(() => rm(own, { recursive: true, force: true }));
      return openEmbeddedStore({ path: own, retention });
    }
    if (!context.simulated) return openEmbeddedStore({ path, retention });
    return openEmbeddedStore({ path: join(path, 'simulated'), retention, fresh: true });
  }
  const { url, username, password, retention } = config;
  return openRedisStore({
    url,
    cloud,
    retention,
    onProblem,
    signal: context.abandoned,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(config.tls === undefined ? {} : { tls: await readTlsFiles(config.tls) }),
  });
}
