import { startSide } from '../sides/remote.ts';
import { writeSamples } from '../sla-load.ts';
import { bounded, compared, ROUNDS } from './benchmark.ts';

/** Steps a round: 40,000 samples each. */
const STEPS = 4;

/** How much of the speed of parsing samples is left when fifty rules are evaluated on them, each over 4,000 series. */
export const evaluateToParse = compared(
  { name: 'sla.evaluate/parse', unit: 'samples/s', required: 0.5 },
  async (hold) => {
    const { rounds } = await hold(writeSamples(ROUNDS.warmUps + ROUNDS.rounds, STEPS), (written) => written.remove());
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
