import { decodeSide } from './decode.ts';
import { ingestEmbeddedSide } from './ingest-embedded.ts';

/** What a process of its own can be started for, by name. */
export const SIDES = {
  decode: decodeSide,
  'ingest embedded': ingestEmbeddedSide,
} as const;

export type SideName = keyof typeof SIDES;
export type Settings<Name extends SideName> = Parameters<(typeof SIDES)[Name]>[0];
