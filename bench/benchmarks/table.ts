import { auditToIngest, maintenanceToScan, slaToScan } from './audit.ts';
import type { Benchmark } from './benchmark.ts';
import { freshnessToBare } from './freshness.ts';
import { amqpRedisToDrain, kafkaRedisToDrain } from './ingest-brokers.ts';
import { embeddedToDecode, largeToSmall } from './ingest-embedded.ts';
import { instanceMemory } from './memory.ts';
import { apiToFastify } from './read.ts';
import { reconcileToIngest } from './reconcile.ts';
import { evaluateToParse, seriesMemory } from './sla.ts';

/** Every benchmark, in the order in which they are run. */
export const BENCHMARKS: readonly Benchmark[] = [
  embeddedToDecode,
  largeToSmall,
  amqpRedisToDrain,
  kafkaRedisToDrain,
  instanceMemory,
  freshnessToBare,
  reconcileToIngest,
  slaToScan,
  maintenanceToScan,
  auditToIngest,
  evaluateToParse,
  seriesMemory,
  apiToFastify,
];
