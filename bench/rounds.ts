/** Does a round's work and resolves with its value, such as a rate. `round` counts warm-ups too, from 0. */
export type Runner = (round: number) => Promise<number>;

export interface Rounds {
  /** Measured rounds, at least five. */
  readonly rounds: number;
  /** Rounds before them, whose values are thrown away. */
  readonly warmUps: number;
}

/** The medians of both sides. */
export interface Medians {
  readonly a: number;
  readonly b: number;
}

const LEAST_ROUNDS = 5;

/**
 * Runs two sides in turn, so that whatever else the machine does strikes both alike, and gives the median of each. Who goes
 * first changes from round to round. @throws RangeError for fewer than five rounds
 */
export async function interleave(a: Runner, b: Runner, { rounds, warmUps }: Rounds): Promise<Medians> {
  refuseTooFew(rounds);
  const values = { a: [] as number[], b: [] as number[] };
  for (let round = 0; round < warmUps + rounds; round++) {
    const order = round % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const);
    for (const side of order) {
      const value = await { a, b }[side](round);
      if (round >= warmUps) values[side].push(value);
    }
  }
  return { a: median(values.a), b: median(values.b) };
}

/** Runs one thing again and again and gives the median. @throws RangeError for fewer than five rounds */
export async function repeat(runner: Runner, { rounds, warmUps }: Rounds): Promise<number> {
  refuseTooFew(rounds);
  const values: number[] = [];
  for (let round = 0; round < warmUps + rounds; round++) values.push(await runner(round));
  return median(values.slice(warmUps));
}

function refuseTooFew(rounds: number): void {
  if (rounds < LEAST_ROUNDS) throw new RangeError(`at least ${LEAST_ROUNDS} rounds, not ${rounds}`);
}

/** The middle value, or the mean of the two in the middle. @throws RangeError when there is none */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values, no median');
  return (lower + upper) / 2;
}

/** The value below or at which that share (0 to 1) of the values lies. @throws RangeError when there is none */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new RangeError('no values, no percentile');
  return found;
}
