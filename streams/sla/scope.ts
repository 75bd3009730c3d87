import { zoneOf } from '../../model/grouping.ts';
import type { Rule, Where } from './rule.ts';

/** What of an instance decides whether a rule is about it. */
export interface ScopedInstance {
  readonly uuid: string;
  readonly place: { readonly host: string | null } | null;
  readonly identity: { readonly project_id: string | null } | null;
  readonly flavor: { readonly name: string } | null;
  readonly metadata: { readonly [key: string]: string } | null;
}

interface Named {
  readonly uuid: string;
  readonly name?: string | null;
}

/** What of the model decides whom a rule is about. */
export interface ScopeView {
  instance(uuid: string): ScopedInstance | undefined;
  host(name: string): { readonly name: string } | undefined;
  aggregatesOf(host: string): Iterable<Named & { readonly metadata: { readonly [key: string]: string } }>;
  groupsOf(instance: string): Iterable<Named>;
}

/** Whether a rule is about a resource, as the model has it now. */
export function isInScope({ of, where }: Pick<Rule, 'of' | 'where'>, resource: string, view: ScopeView): boolean {
  if (of === 'host') return view.host(resource) !== undefined && isHostIn(where, resource, view);
  const instance = view.instance(resource);
  return instance !== undefined && isInstanceIn(where, instance, view);
}

function isInstanceIn(where: Where, instance: ScopedInstance, view: ScopeView): boolean {
  const { project, flavor, metadata, server_group: group } = where;
  if (project !== undefined && !isAmong(project, instance.identity?.project_id)) return false;
  if (flavor !== undefined && !isAmong(flavor, instance.flavor?.name)) return false;
  if (metadata !== undefined && !hasMetadata(instance, metadata)) return false;
  if (group !== undefined && !anyNamed(view.groupsOf(instance.uuid), group)) return false;
  const host = instance.place?.host ?? null;
  return host === null ? !asksOfHost(where) : isHostIn(where, host, view);
}

function asksOfHost({ aggregate, availability_zone: zone, host }: Where): boolean {
  return aggregate !== undefined || zone !== undefined || host !== undefined;
}

function isHostIn({ aggregate, availability_zone: zone, host }: Where, name: string, view: ScopeView): boolean {
  if (host !== undefined && !host.includes(name)) return false;
  if (aggregate !== undefined && !anyNamed(view.aggregatesOf(name), aggregate)) return false;
  return zone === undefined || isInZone(zone, name, view);
}

function isInZone(zones: readonly string[], host: string, view: ScopeView): boolean {
  for (const aggregate of view.aggregatesOf(host)) if (isAmong(zones, zoneOf(aggregate))) return true;
  return false;
}

function hasMetadata(instance: ScopedInstance, wanted: { readonly [key: string]: string }): boolean {
  const given = instance.metadata ?? {};
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(given, key) && given[key] === value);
}

function anyNamed(things: Iterable<Named>, names: readonly string[]): boolean {
  for (const { uuid, name } of things) if (names.includes(uuid) || isAmong(names, name)) return true;
  return false;
}

function isAmong(names: readonly string[], name: string | null | undefined): boolean {
  return name !== null && name !== undefined && names.includes(name);
}
