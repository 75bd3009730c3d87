import { orNull, text, uuid } from '../attribute.ts';
import { findIn } from '../catalog.ts';
import { pageOf } from '../list.ts';
import type { Resource } from '../resource.ts';
import { uuidOf } from '../uuid.ts';

interface ScoringEngine {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  /** JSON, or nothing. */
  readonly metainfo: string;
}

/** The examples that clients look for; strategies of Vigil do not ask them. */
const ENGINES: readonly ScoringEngine[] = [
  { name: 'dummy_scorer', description: 'An example: tells kinds of workload apart.' },
  { name: 'dummy_min_scorer', description: 'An example: the least of several numbers.' },
  { name: 'dummy_max_scorer', description: 'An example: the greatest of several numbers.' },
  { name: 'dummy_avg_scorer', description: 'An example: the mean of several numbers.' },
].map((engine, i) => ({ ...engine, id: i + 1, uuid: uuidOf('scoring engine', engine.name), metainfo: '' }));

/** Things that strategies can ask for a judgement. */
export function scoringEngines(): Resource<ScoringEngine> {
  return {
    collection: 'scoring_engines',
    kind: 'ScoringEngine',
    rule: 'scoring_engine',
    attributes: [
      { name: 'uuid', schema: uuid('Made of the name, so the same everywhere.'), short: true, of: (it) => it.uuid },
      { name: 'name', schema: text('Unique.'), short: true, of: (it) => it.name },
      { name: 'description', schema: orNull(text('For people.')), short: true, of: (it) => it.description },
      { name: 'metainfo', schema: text('JSON, or empty.'), of: (it) => it.metainfo },
    ],
    filters: {},
    marker: 'text',
    markerOf: (it) => it.uuid,
    stored: {
      id: ({ id }) => id,
      uuid: (it) => it.uuid,
      name: (it) => it.name,
      description: (it) => it.description,
      metainfo: (it) => it.metainfo,
      created_at: () => null,
      updated_at: () => null,
      deleted_at: () => null,
    },
    computed: {},
    page: (query) => pageOf(ENGINES, query),
    find: (ident) => findIn(ENGINES, ident),
  };
}
