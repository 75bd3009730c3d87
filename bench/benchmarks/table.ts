import type { Benchmark } from './benchmark.ts';
import { embeddedToDecode, largeToSmall } from './ingest-embedded.ts';

/** Every benchmark, in the order in which they are run. */
export const BENCHMARKS: readonly Benchmark[] = [embeddedToDecode, largeToSmall];
