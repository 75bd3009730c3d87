import type { Hold } from '../holding.ts';
import { type Messages, writeMessages } from '../messages.ts';
import type { Rounds, Runner } from '../rounds.ts';
import { startSide } from '../sides/remote.ts';
import type { Side } from '../sides/side.ts';
import { compared, INGEST_ROUNDS, LARGE, RATE, USUAL } from './benchmark.ts';

/** What differs here is waiting for memory, which takes more or less from minute to minute: single rounds lie far apart. */
const SCALE_ROUNDS: Rounds = { rounds: 15, warmUps: 3 };

const MESSAGES = 20_000;

/** How much of the speed of bare decoding is left when Vigil does all that it does with the messages. */
export const embeddedToDecode = compared(
  { name: 'ingest.embedded/decode', unit: RATE, required: 0.5, rounds: INGEST_ROUNDS },
  async (hold) => {
    const messages = await hold(write(USUAL, INGEST_ROUNDS), (written) => written.remove());
    const a = await hold(startSide('ingest embedded', messages), (side) => side.close());
    const b = await hold(startSide('decode', undefined), (side) => side.close());
    return { a: runner(a, messages), b: runner(b, messages) };
  },
);

/** How much of its speed is left in a cloud ten times as large. */
export const largeToSmall = compared(
  { name: 'ingest.embedded.large/small', unit: RATE, required: 0.85, rounds: SCALE_ROUNDS },
  async (hold) => ({ a: await ingesting(hold, LARGE), b: await ingesting(hold, USUAL) }),
);

async function ingesting(hold: Hold, scale: typeof USUAL | typeof LARGE): Promise<Runner> {
  const messages = await hold(write(scale, SCALE_ROUNDS), (written) => written.remove());
  return runner(await hold(startSide('ingest embedded', messages), (side) => side.close()), messages);
}

function write(scale: typeof USUAL | typeof LARGE, { warmUps, rounds }: Rounds): Promise<Messages> {
  return writeMessages({ ...scale, wire: 'rabbit' }, warmUps + rounds, MESSAGES);
}

function runner(side: Side, { rounds }: Messages): Runner {
  return (round) => side.round(rounds[round] ?? '');
}
