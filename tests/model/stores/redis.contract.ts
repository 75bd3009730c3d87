import { randomUUID } from 'node:crypto';
import { beforeAll } from 'vitest';
import { openRedisStore } from '../../../model/stores/redis/redis-store.ts';
import { type SharedRedis, useRedis } from '../../services/use.ts';
import { conformance, type Subject, type SubjectOptions } from './conformance.ts';
import { ledgerConformance } from './ledger-conformance.ts';

let server: SharedRedis;
beforeAll(async () => {
  server = await useRedis();
});

async function open(options: SubjectOptions = {}): Promise<Subject> {
  const settings = { url: server.url, cloud: `${server.prefix}-${randomUUID()}`, ...options };
  let store = await openRedisStore(settings);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openRedisStore(settings);
      return store;
    },
    dispose: () => store.close(),
  };
}

conformance('redis', open);
ledgerConformance('redis', open);
