import { auditSide } from './audit.ts';
import { decodeSide } from './decode.ts';
import { drainAmqpSide } from './drain-amqp.ts';
import { drainKafkaSide } from './drain-kafka.ts';
import { freshBareSide, freshVigilSide } from './fresh.ts';
import { ingestAuditedSide } from './ingest-audited.ts';
import { ingestBrokerSide } from './ingest-broker.ts';
import { ingestEmbeddedSide } from './ingest-embedded.ts';
import { ingestReconciledSide } from './ingest-reconciled.ts';
import { novaSide } from './nova.ts';
import { readBareSide } from './read-bare.ts';
import { readVigilSide } from './read-vigil.ts';
import { replicaMemorySide } from './replica-memory.ts';
import { scanSide } from './scan.ts';
import { slaEvaluateSide, slaMemorySide, slaParseSide } from './sla.ts';

/** What a process of its own can be started for, by name. */
export const SIDES = {
  decode: decodeSide,
  'drain amqp': drainAmqpSide,
  'drain kafka': drainKafkaSide,
  'fresh bare': freshBareSide,
  'fresh vigil': freshVigilSide,
  'ingest broker': ingestBrokerSide,
  'ingest audited': ingestAuditedSide,
  'ingest embedded': ingestEmbeddedSide,
  'read bare': readBareSide,
  'read vigil': readVigilSide,
  'replica memory': replicaMemorySide,
  'ingest reconciled': ingestReconciledSide,
  nova: novaSide,
  audit: auditSide,
  scan: scanSide,
  'sla evaluate': slaEvaluateSide,
  'sla memory': slaMemorySide,
  'sla parse': slaParseSide,
} as const;

export type SideName = keyof typeof SIDES;
export type Settings<Name extends SideName> = Parameters<(typeof SIDES)[Name]>[0];
