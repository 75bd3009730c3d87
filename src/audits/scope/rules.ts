import { type Static, Type } from 'typebox';

/** Watcher's JSON scope, and beyond it: what may be included by instance, project, metadata and host too. */
const strict = { additionalProperties: false };
const named = Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) }, strict);
const aggregate = Type.Union([
  Type.Object({ id: Type.Union([Type.Integer(), Type.Literal('*')]) }, strict),
  Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) }, strict),
]);
const uuid = Type.Object({ uuid: Type.String({ minLength: 1, maxLength: 64 }) }, strict);
const metadata = Type.Record(Type.String(), Type.String());

const aggregates = Type.Object({ host_aggregates: Type.Array(aggregate) }, strict);
const zones = Type.Object({ availability_zones: Type.Array(named) }, strict);
const hosts = Type.Object({ compute_nodes: Type.Array(named) }, strict);
const instances = Type.Object({ instances: Type.Array(uuid) }, strict);
const projects = Type.Object({ projects: Type.Array(uuid) }, strict);
const withMetadata = Type.Object({ instance_metadata: Type.Array(metadata) }, strict);

const choice = Type.Union([aggregates, zones, hosts, instances, projects, withMetadata]);
const rule = Type.Union([
  aggregates,
  zones,
  hosts,
  instances,
  projects,
  withMetadata,
  Type.Object({ exclude: Type.Array(choice) }, strict),
]);

/** The rules of a scope. */
export const SCOPE_RULES = Type.Array(rule);

export type Choice = Static<typeof choice>;
export type ScopeRule = Static<typeof rule>;
