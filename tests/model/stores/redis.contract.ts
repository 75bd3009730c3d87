import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openRedisStore } from '../../../model/stores/redis/redis-store.ts';
import { type RedisServer, startRedis } from '../../services/redis.ts';
import { conformance } from './conformance.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

conformance('redis', async (options = {}) => {
  const settings = { url: server.url, cloud: randomUUID(), ...options };
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
});
