import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSide } from '../sides/remote.ts';
import { compared, INGEST_ROUNDS, LARGE, RATE } from './benchmark.ts';

const MESSAGES = 20_000;

/**
 * How much of the speed of ingest is left while a large cloud is read as a whole. One Vigil does both: in every other round the
 * nova it reads is stopped in its tracks, and with it the pass.
 */
export const reconcileToIngest = compared(
  { name: 'reconcile.ingest/ingest', unit: RATE, required: 0.8, rounds: INGEST_ROUNDS },
  async (hold) => {
    const folder = await hold(mkdtemp(join(tmpdir(), 'vigil-bench-')), (path) => rm(path, { recursive: true }));
    const [population, credentials] = [join(folder, 'population'), join(folder, 'credentials')];
    const scale = { ...LARGE, wire: 'rabbit' } as const;
    const settings = { scale, population, credentials, perRound: MESSAGES };
    const nova = await hold(startSide('nova', settings), (side) => side.close());
    const vigil = await hold(startSide('ingest reconciled', { population, credentials }), (side) => side.close());
    const file = join(folder, 'messages');
    return {
      a: async () => {
        await nova.round(file);
        return vigil.round(file);
      },
      b: async () => {
        await nova.round(file);
        nova.pause();
        return vigil.round(file).finally(() => nova.resume());
      },
    };
  },
);
