import { writeFile } from 'node:fs/promises';
import { type Scale, simulate, writeLines, writePopulation } from '../messages.ts';
import type { Side } from './side.ts';

export interface NovaSettings {
  readonly scale: Scale;
  /** Where to write the messages of what is there at first, and what a client needs to log in (JSON). */
  readonly population: string;
  readonly credentials: string;
  readonly perRound: number;
}

/** A simulated nova and placement. A round lives on for so many messages and writes them to the file; it gives their number. */
export async function novaSide({ scale, population, credentials, perRound }: NovaSettings): Promise<Side> {
  const simulated = simulate(scale);
  await writePopulation(population, simulated);
  const rest = await simulated.rest();
  await writeFile(credentials, JSON.stringify(rest.credentials));
  return {
    round: async (file) => {
      await writeLines(file, simulated.generate(perRound));
      return perRound;
    },
    close: () => rest.close(),
  };
}
