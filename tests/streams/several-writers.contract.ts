import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { beforeAll, expect, it } from 'vitest';
import { LiveModel } from '../../model/live-model.ts';
import { NO_REVISION } from '../../model/revision.ts';
import type { ModelStore } from '../../model/store.ts';
import { openRedisStore } from '../../model/stores/redis/redis-store.ts';
import { ingest } from '../../streams/ingest.ts';
import { startFollowing } from '../model/stores/following.ts';
import { useRedis } from '../services/use.ts';
import { mixable, recordings, traces } from './corpus.ts';
import { raw } from './messages.ts';
import { AFTERWARDS, differences } from './replayed.ts';

const WRITERS = 3;
const RUNS = 5;

const scenarios = mixable([...traces(), ...recordings()]);
const bodies = scenarios.flatMap((scenario) => scenario.bodies);

let url: string;
beforeAll(async () => {
  url = (await useRedis()).url;
});

/** What one writer does with its share: all of it through the pipeline that a service has. */
async function write(store: ModelStore, share: readonly Buffer[]): Promise<void> {
  const messages$ = from(share.map((body) => raw(body)));
  await lastValueFrom(
    ingest(messages$, store, () => AFTERWARDS),
    { defaultValue: null },
  );
}

async function scannedModel(store: ModelStore): Promise<LiveModel> {
  const model = new LiveModel();
  const head = await store.head();
  for await (const facts of store.scan()) model.load(facts, head);
  return model;
}

function wrongIn(model: LiveModel): string[] {
  return scenarios.flatMap(({ truth }) => differences(model, truth));
}

it('every trace and recording, mixed, in any order, split over several writers on one Redis, ends in its true state', async () => {
  // Each message goes to one of the writers, and to another one too when it is told twice.
  const dealt = fc.tuple(
    fc.shuffledSubarray([...bodies.keys()], { minLength: bodies.length }),
    fc.infiniteStream(fc.tuple(fc.nat(WRITERS - 1), fc.option(fc.nat(WRITERS - 1), { freq: 3 }))),
  );
  await fc.assert(
    fc.asyncProperty(dealt, async ([order, to]) => {
      const shares: Buffer[][] = Array.from({ length: WRITERS }, () => []);
      for (const index of order) {
        const [first, again] = to.next().value;
        for (const writer of again === null ? [first] : [first, again]) shares[writer]?.push(bodies[index] as Buffer);
      }
      const cloud = randomUUID();
      const stores = await Promise.all(shares.map(() => openRedisStore({ url, cloud })));
      const [watched] = stores as [ModelStore, ...ModelStore[]];
      try {
        const replica = new LiveModel();
        const told = startFollowing(watched, NO_REVISION, (followed) => {
          if (followed.kind === 'changes') replica.apply(followed.changes);
        });
        await Promise.all(stores.map((store, i) => write(store, shares[i] ?? [])));
        const head = await watched.head();
        await told.until(() => replica.revision === head);
        expect(told.resets).toEqual([]);
        expect([wrongIn(replica), wrongIn(await scannedModel(watched))]).toEqual([[], []]);
      } finally {
        await Promise.all(stores.map((store) => store.close()));
      }
    }),
    { numRuns: RUNS },
  );
});
