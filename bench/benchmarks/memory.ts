import { writeMessages } from '../messages.ts';
import { startSide } from '../sides/remote.ts';
import { bounded, LARGE } from './benchmark.ts';

/** What an instance weighs in the replica of a large cloud. */
export const instanceMemory = bounded({ name: 'memory.instance', unit: 'bytes', limit: 4_096 }, async (hold) => {
  const messages = await hold(writeMessages({ ...LARGE, wire: 'rabbit' }, 0, 0), (written) => written.remove());
  const side = await hold(startSide('replica memory', undefined), (started) => started.close());
  return () => side.round(messages.population);
});
