import type { Rounds } from '../rounds.ts';
import { startSide } from '../sides/remote.ts';
import { writeSamples } from '../sla-load.ts';
import { bounded, compared } from './benchmark.ts';

/** Steps a round: 40,000 samples each. Rounds are short, so more of them than of others. */
const STEPS = 3;
const SHORT_ROUNDS: Rounds = { rounds: 15, warmUps: 3 };

/** How much of the speed of parsing samples is left when fifty rules are evaluated on them, each over 4,000 series. */
export const evaluateToParse = compared(
  { name: 'sla.evaluate/parse', unit: 'samples/s', required: 0.5, rounds: SHORT_ROUNDS },
  async (hold) => {
    const { rounds } = await hold(writeSamples(SHORT_ROUNDS.warmUps + SHORT_ROUNDS.rounds, STEPS), (written) =>
      written.remove(),
    );
    const a = await hold(startSide('sla evaluate', undefined), (side) => side.close());
    const b = await hold(startSide('sla parse', undefined), (side) => side.close());
    return { a: (round) => a.round(rounds[round] ?? ''), b: (round) => b.round(rounds[round] ?? '') };
  },
);

/** What a series weighs for a rule, its window of samples included. */
export const seriesMemory = bounded({ name: 'memory.series', unit: 'bytes', limit: 300 }, async (hold) => {
  const side = await hold(startSide('sla memory', undefined), (started) => started.close());
  return () => side.round('');
});
