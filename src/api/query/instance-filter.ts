import { type Static, type TArray, type TOptional, type TString, Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import type { Instance } from '../../../model/instance.ts';
import type { LiveModel } from '../../../model/live-model.ts';
import { shownZone } from '../../../model/zone.ts';
import { VigilError } from '../../errors.ts';

const MAX_VALUES = 50;
const MAX_METADATA_LENGTH = 600;

/** nova's vm_states, and `unknown` for an instance of which nobody told one. */
const STATES = [
  'active',
  'building',
  'paused',
  'suspended',
  'stopped',
  'rescued',
  'resized',
  'soft-delete',
  'deleted',
  'error',
  'shelved',
  'shelved_offloaded',
  'unknown',
];

/** A filter by names, of which any will do. */
export function anyOf(description: string): TOptional<TArray<TString>> {
  return Type.Optional(
    Type.Array(Type.String({ maxLength: MAX_ID_LENGTH }), {
      maxItems: MAX_VALUES,
      description: `${description} Given several times: any of them.`,
    }),
  );
}

/** Filters of instances; an instance must pass all that are given. */
export const INSTANCE_FILTERS = {
  host: anyOf('On this host.'),
  state: anyOf(`In this vm_state: ${STATES.join(', ')}.`),
  project: anyOf('Of this project id.'),
  flavor: anyOf('With the flavor of this name.'),
  az: anyOf('In this availability zone.'),
  aggregate: anyOf('On a host of this aggregate, given by uuid or name.'),
  metadata: Type.Optional(
    Type.Array(Type.String({ maxLength: MAX_METADATA_LENGTH, pattern: '^[^=]+=', form: 'key=value' }), {
      maxItems: MAX_VALUES,
      description: 'With this metadata, as key=value. Given several times: all of them.',
    }),
  ),
  name: Type.Optional(
    Type.String({ maxLength: MAX_ID_LENGTH, description: 'With this text in the name, whatever the case.' }),
  ),
};

const FILTERS = Type.Object(INSTANCE_FILTERS);
export type InstanceFilters = Static<typeof FILTERS>;

/** The instances to look at, by the best index there is for the filters given. */
export function candidates(filters: InstanceFilters, model: LiveModel): Iterable<Instance> {
  if (filters.host !== undefined) return onHosts(new Set(filters.host), model);
  if (filters.aggregate !== undefined) return onHosts(hostsOf(filters.aggregate, model), model);
  if (filters.project !== undefined) return ofProjects(new Set(filters.project), model);
  return model.instances();
}

/** Whether an instance passes all filters. */
export function instanceMatcher(filters: InstanceFilters, model: LiveModel): (instance: Instance) => boolean {
  const tests: ((instance: Instance) => boolean)[] = [];
  const among = (wanted: readonly string[] | undefined, of: (instance: Instance) => string | null): void => {
    if (wanted === undefined) return;
    const set = new Set(wanted);
    tests.push((instance) => set.has(of(instance) ?? ''));
  };
  among(filters.host, (it) => it.place?.host ?? null);
  among(filters.aggregate && [...hostsOf(filters.aggregate, model)], (it) => it.place?.host ?? null);
  among(filters.project, (it) => it.identity?.project_id ?? null);
  among(filters.state?.map(knownState), (it) => it.state?.vm_state ?? 'unknown');
  among(filters.flavor, (it) => it.flavor?.name ?? null);
  among(filters.az, (it) => shownZone(it.place?.host ?? null, it.zone, model));
  for (const pair of filters.metadata ?? []) tests.push(hasMetadata(pair));
  if (filters.name !== undefined) {
    const part = filters.name.toLowerCase();
    tests.push((it) => it.identity?.name?.toLowerCase().includes(part) ?? false);
  }
  return (instance) => tests.every((test) => test(instance));
}

function* onHosts(hosts: Iterable<string>, model: LiveModel): Iterable<Instance> {
  for (const host of hosts) yield* model.instancesOn(host);
}

function* ofProjects(projects: Iterable<string>, model: LiveModel): Iterable<Instance> {
  for (const project of projects) yield* model.instancesOf(project);
}

/** The hosts of aggregates given by uuid or name (names need not be unique in nova). */
export function hostsOf(aggregates: readonly string[], model: LiveModel): Set<string> {
  const wanted = new Set(aggregates);
  const hosts = new Set<string>();
  for (const { uuid, name, hosts: its } of model.aggregates()) {
    if (wanted.has(uuid) || wanted.has(name)) for (const host of its) hosts.add(host);
  }
  return hosts;
}

function hasMetadata(pair: string): (instance: Instance) => boolean {
  const key = pair.slice(0, pair.indexOf('='));
  const value = pair.slice(key.length + 1);
  return ({ metadata }) => metadata !== null && Object.hasOwn(metadata, key) && metadata[key] === value;
}

function knownState(given: string): string {
  const state = given.toLowerCase();
  if (STATES.includes(state)) return state;
  const problem = `"${given}" is no vm_state; they are ${STATES.join(', ')}`;
  throw new VigilError('invalid-parameter', { where: 'query', parameter: 'state', problem });
}
