import { type Static, type TSchema, Type } from 'typebox';

/** Watcher's JSON scope, and beyond it: what may be included by instance, project, metadata and host too. */
const strict = { additionalProperties: false };
const name = Type.String({ minLength: 1, maxLength: 255 });
const named = Type.Object({ name }, strict);
const identified = Type.Object({ uuid: Type.String({ minLength: 1, maxLength: 64 }) }, strict);
const aggregate = Type.Union([
  Type.Object({ id: Type.Union([Type.Integer(), Type.Literal('*')]) }, strict),
  Type.Object({ name }, strict),
]);
const metadata = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]));

/** How a rule lists things: what an item of it is, and how that is written. */
export interface Listed {
  readonly item: TSchema;
  readonly form: string;
}

const byName = { item: named, form: '{"name": "TEXT"}' } as const;
const byUuid = { item: identified, form: '{"uuid": "UUID"}' } as const;

/** By what hosts and instances can be chosen. */
export const CHOICES = {
  host_aggregates: { item: aggregate, form: '{"id": 7}, {"id": "*"} or {"name": "TEXT"}' },
  availability_zones: byName,
  compute_nodes: byName,
  instances: byUuid,
  projects: byUuid,
  instance_metadata: { item: metadata, form: '{"KEY": "VALUE"}' },
} as const;

type Choices = typeof CHOICES;
type ChoiceName = keyof Choices;

/** Hosts or instances by one of {@link CHOICES}. */
export type Choice = {
  [Name in ChoiceName]: { readonly [Own in Name]: readonly Static<Choices[Name]['item']>[] };
}[ChoiceName];

export type ScopeRule = Choice | { readonly exclude: readonly Choice[] };

/** What rules may include and exclude. */
interface Rules {
  readonly included: { readonly [name: string]: Listed };
  readonly excluded: { readonly [name: string]: Listed };
}

/**
 * The parts a scope may have, each for the strategies that look at that kind of thing: so far there are only such of compute,
 * and the others are checked and kept.
 */
export const PARTS = {
  compute: { included: CHOICES, excluded: CHOICES },
  storage: {
    included: { availability_zones: byName, volume_types: byName },
    excluded: { storage_pools: byName, volumes: byUuid, projects: byUuid },
  },
  baremetal: { included: {}, excluded: { ironic_nodes: byUuid } },
} as const satisfies { readonly [kind: string]: Rules };

export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as readonly PartName[];
