import { type Static, Type } from 'typebox';

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

/** By what hosts and instances can be chosen: what is listed of it, and how that is written. */
export const CHOICES = {
  host_aggregates: { item: aggregate, form: '{"id": 7}, {"id": "*"} or {"name": "TEXT"}' },
  availability_zones: { item: named, form: '{"name": "TEXT"}' },
  compute_nodes: { item: named, form: '{"name": "TEXT"}' },
  instances: { item: identified, form: '{"uuid": "UUID"}' },
  projects: { item: identified, form: '{"uuid": "UUID"}' },
  instance_metadata: { item: metadata, form: '{"KEY": "VALUE"}' },
} as const;

type Choices = typeof CHOICES;
export type ChoiceName = keyof Choices;

/** Hosts or instances by one of {@link CHOICES}. */
export type Choice = {
  [Name in ChoiceName]: { readonly [Own in Name]: readonly Static<Choices[Name]['item']>[] };
}[ChoiceName];

export type ScopeRule = Choice | { readonly exclude: readonly Choice[] };
