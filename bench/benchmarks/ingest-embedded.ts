import { type Hold, holding } from '../holding.ts';
import { type Messages, writeMessages } from '../messages.ts';
import { comparison } from '../result.ts';
import { interleave, type Runner } from '../rounds.ts';
import { startSide } from '../sides/remote.ts';
import type { Side } from '../sides/side.ts';
import { type Benchmark, LARGE, RATE, ROUNDS, USUAL } from './benchmark.ts';

/** How much of the speed of bare decoding is left when Vigil does all that it does with the messages. */
export const embeddedToDecode: Benchmark = {
  name: 'ingest.embedded/decode',
  required: 0.5,
  run: () =>
    holding(async (hold) => {
      const messages = await hold(write(USUAL), (written) => written.remove());
      const a = await hold(startSide('ingest embedded', messages), (side) => side.close());
      const b = await hold(startSide('decode', undefined), (side) => side.close());
      return comparison(
        embeddedToDecode.name,
        RATE,
        await interleave(runner(a, messages), runner(b, messages), ROUNDS),
      );
    }),
};

/** How much of its speed is left in a cloud ten times as large. */
export const largeToSmall: Benchmark = {
  name: 'ingest.embedded.large/small',
  required: 0.85,
  run: () =>
    holding(async (hold) => {
      const a = await ingesting(hold, LARGE);
      const b = await ingesting(hold, USUAL);
      return comparison(largeToSmall.name, RATE, await interleave(a, b, ROUNDS));
    }),
};

async function ingesting(hold: Hold, scale: typeof USUAL | typeof LARGE): Promise<Runner> {
  const messages = await hold(write(scale), (written) => written.remove());
  return runner(await hold(startSide('ingest embedded', messages), (side) => side.close()), messages);
}

function write(scale: typeof USUAL | typeof LARGE): Promise<Messages> {
  return writeMessages({ ...scale, wire: 'rabbit' }, ROUNDS.warmUps + ROUNDS.rounds, ROUNDS.messages);
}

function runner(side: Side, { rounds }: Messages): Runner {
  return (round) => side.round(rounds[round] ?? '');
}
