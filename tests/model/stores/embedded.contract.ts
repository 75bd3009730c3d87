import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import { conformance } from './conformance.ts';

conformance('embedded', async (options = {}) => {
  const path = await mkdtemp(join(tmpdir(), 'vigil-embedded-'));
  let store = await openEmbeddedStore({ path, ...options });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openEmbeddedStore({ path, ...options });
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
});
