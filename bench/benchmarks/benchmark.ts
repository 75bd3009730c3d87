import { type Hold, holding } from '../holding.ts';
import { comparison, measure, type Result } from '../result.ts';
import { interleave, type Medians, type Rounds, type Runner, repeat } from '../rounds.ts';

/** Something that is measured, under the name it is known by. */
export interface Benchmark {
  readonly name: string;
  /** The ratio that has to be reached. */
  readonly required: number;
  run(): Promise<Result>;
}

/** How large a cloud is. */
export const USUAL = { hosts: 500, instances: 20_000 } as const;
export const LARGE = { hosts: 5_000, instances: 200_000 } as const;

export const RATE = 'messages/s';
/** Enough for most: the first rounds run code that is not compiled yet. */
export const ROUNDS: Rounds = { rounds: 5, warmUps: 2 };
export const INGEST_ROUNDS: Rounds = { rounds: 7, warmUps: 3 };

interface Named {
  readonly name: `${string}/${string}`;
  readonly unit: string;
  /** The ratio a/b that has to be reached. */
  readonly required: number;
  readonly rounds?: Rounds;
}

/**
 * Two things measured in turn. `prepare` makes both and `hold`s what has to be ended; their rounds give values of which more
 * is better, such as a rate.
 */
export function compared(named: Named, prepare: (hold: Hold) => Promise<{ a: Runner; b: Runner }>): Benchmark {
  const { name, unit, required, rounds = ROUNDS } = named;
  const run = async (hold: Hold): Promise<Medians> => {
    const { a, b } = await prepare(hold);
    return interleave(a, b, rounds);
  };
  return { name, required, run: async () => comparison(name, unit, await holding(run)) };
}

interface Bounded {
  readonly name: string;
  readonly unit: string;
  /** What may be reached at most, in that unit. */
  readonly limit: number;
  readonly rounds?: Rounds;
}

/** One thing measured against a bound. Its rounds give values of which less is better. */
export function bounded(
  { name, unit, limit, rounds = ROUNDS }: Bounded,
  prepare: (hold: Hold) => Promise<Runner>,
): Benchmark {
  const run = async (hold: Hold): Promise<number> => repeat(await prepare(hold), rounds);
  return { name, required: 1, run: async () => measure(name, unit, await holding(run), limit) };
}
