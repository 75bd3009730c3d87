import { LiveModel } from '../../model/live-model.ts';
import { makeRevision } from '../../model/revision.ts';
import { decode } from '../../streams/decoded.ts';
import type { RawMessage } from '../../streams/source.ts';
import { readMessages } from '../messages.ts';
import { collectGarbage, type Side } from './side.ts';

/** Bytes of heap that an instance takes in the replica with its indexes, told by notifications as nova sends them. */
export async function replicaMemorySide(_: undefined): Promise<Side> {
  return {
    round: async (population) => {
      const before = await heapUsed();
      const model = new LiveModel();
      const read = fill(model, population);
      const bytes = (await heapUsed()) - before;
      if (model.instanceCount() !== read) throw new Error(`${model.instanceCount()} of ${read} instances are held`);
      return bytes / read;
    },
    close: async () => undefined,
  };
}

/** Tells a model all that is in a file; returns how many messages that were. In a function of its own, so that they are gone. */
function fill(model: LiveModel, file: string): number {
  const bodies = readMessages(file);
  bodies.forEach((body, i) => {
    const message: RawMessage = { body, origin: { transport: 'simulator' }, arrived: 0, ack: () => undefined };
    const { facts, letter } = decode(message, Date.now() * 1_000);
    if (letter !== null) throw new Error(letter.detail);
    model.load(facts, makeRevision(1, i + 1));
  });
  return bodies.length;
}

async function heapUsed(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}
