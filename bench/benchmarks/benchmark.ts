import type { Result } from '../result.ts';

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

/** How ingest is measured, wherever it is. */
export const ROUNDS = { rounds: 7, warmUps: 3, messages: 20_000 } as const;
export const RATE = 'messages/s';
