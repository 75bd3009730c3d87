import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { compareRevisions } from '../model/revision.ts';
import type { ModelStore } from '../model/store.ts';
import { DecodeThread } from '../src/decoding/decode-thread.ts';
import { Service } from '../src/service.ts';
import type { Source } from '../streams/source.ts';

/** Vigil as its users run it, but for the API: store, source, ingest and replica. */
export interface Vigil {
  readonly service: Service;
  /** Resolves when the source has its connection. */
  connected(): Promise<void>;
  /** Resolves when so many messages more are committed, acknowledged and visible in the replica. */
  taken(messages: number): Promise<void>;
  stop(): Promise<void>;
}

/** How often to look, in milliseconds: nothing beside a round, and leaves the thread alone in between. */
const LOOK_MS = 1;

/** Loads what the store holds and begins to take in what the source gives. */
export async function startVigil(store: ModelStore, source: Source): Promise<Vigil> {
  const thread = new DecodeThread((error) => {
    throw error;
  });
  const service = new Service({
    cloud: 'bench',
    store,
    sources: [source],
    decoder: thread.decode,
    reconciles: false,
    log: pino({ level: 'silent' }),
  });
  await service.start((error) => {
    throw error;
  });
  let awaited = 0;
  return {
    service,
    async connected() {
      while (!service.freshness().synced) await sleep(LOOK_MS);
    },
    async taken(messages) {
      awaited += messages;
      while (service.counters().messages < awaited) await sleep(LOOK_MS);
      const head = await store.head();
      while (compareRevisions(service.model.revision, head) < 0) await sleep(LOOK_MS);
    },
    async stop() {
      await service.stop();
      await thread.end();
    },
  };
}
