import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelStore } from '../../../model/store.ts';
import { type EmbeddedStoreOptions, openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';

/** An embedded store in a folder of its own, which goes with it. */
export interface TemporaryStore {
  readonly store: ModelStore;
  readonly path: string;
  dispose(): Promise<void>;
}

export async function temporaryStore(options: Omit<EmbeddedStoreOptions, 'path'> = {}): Promise<TemporaryStore> {
  const path = await mkdtemp(join(tmpdir(), 'vigil-test-'));
  const store = await openEmbeddedStore({ path, ...options });
  return {
    store,
    path,
    dispose: async () => {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
}

/** A store that does some things in another way. */
export function altered(store: ModelStore, ways: Partial<ModelStore>): ModelStore {
  return new Proxy(store, {
    get: (target, name: keyof ModelStore) => {
      const own = ways[name] ?? target[name];
      return typeof own === 'function' ? own.bind(ways[name] === undefined ? target : ways) : own;
    },
  });
}
