import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import { conformance, type Subject, type SubjectOptions } from './conformance.ts';
import { ledgerConformance } from './ledger-conformance.ts';

async function open(options: SubjectOptions = {}): Promise<Subject> {
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
}

conformance('embedded', open);
ledgerConformance('embedded', open);
