import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../model/stores/embedded/embedded-store.ts';
import { createQueue, type SimulatedQueue } from '../../sim/source.ts';
import type { Service } from '../../src/service.ts';
import { readMessages } from '../messages.ts';
import { startVigil, type Vigil } from '../vigil.ts';
import { collectGarbage, type Side } from './side.ts';

const MILLIS_PER_SECOND = 1_000;
/** The default of every source that has a window. */
const WINDOW = 1_000;
/** What is published at once: fewer than the queue holds. */
const PORTION = 10_000;

/**
 * Vigil on its embedded default with the simulator's source, full of the population. Rounds give messages a second, from
 * the first published to the last acknowledged and visible.
 */
export async function ingestEmbeddedSide({ population }: { readonly population: string }): Promise<Side> {
  return (await openIngest(population)).side;
}

interface Ingest {
  readonly side: Side;
  readonly service: Service;
  readonly queue: SimulatedQueue;
}

/** That side, with the service in it and the queue that it takes from. */
export async function openIngest(population: string): Promise<Ingest> {
  const path = await mkdtemp(join(tmpdir(), 'vigil-bench-store-'));
  const queue = createQueue('bench', WINDOW);
  const vigil = await startVigil(await openEmbeddedStore({ path }), queue);
  const bodies = readMessages(population);
  for (let at = 0; at < bodies.length; at += PORTION) await takeIn(vigil, queue, bodies.slice(at, at + PORTION));
  const side: Side = {
    round: async (file) => {
      const messages = readMessages(file);
      await collectGarbage();
      const start = performance.now();
      await takeIn(vigil, queue, messages);
      return (messages.length * MILLIS_PER_SECOND) / (performance.now() - start);
    },
    close: async () => {
      await vigil.stop();
      await rm(path, { recursive: true });
    },
  };
  return { side, service: vigil.service, queue };
}

async function takeIn(vigil: Vigil, queue: SimulatedQueue, bodies: readonly Buffer[]): Promise<void> {
  for (const body of bodies) queue.publish(body);
  await vigil.taken(bodies.length);
}
