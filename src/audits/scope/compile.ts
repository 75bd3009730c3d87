import type { Aggregate } from '../../../model/grouping.ts';
import type { Instance } from '../../../model/instance.ts';
import type { View } from '../../../model/view.ts';
import { shownZoneOfHost } from '../../../model/zone.ts';
import type { Scope } from '../../../strategies/strategy.ts';
import type { ScopeSpec } from '../audit.ts';
import { computeRulesOf } from './check.ts';
import type { Choice, ScopeRule } from './rules.ts';

/** Hosts and instances that a list of choices names; a choice is about one or the other. */
class Chosen {
  readonly #view: View;
  readonly #choices: readonly Choice[];
  #hosts: ReadonlySet<string> | null = null;
  #instances: ReadonlySet<string> | null = null;
  #projects: ReadonlySet<string> | null = null;

  constructor(view: View, choices: readonly Choice[]) {
    this.#view = view;
    this.#choices = choices;
  }

  get namesHosts(): boolean {
    return this.#choices.some(
      (choice) => 'host_aggregates' in choice || 'availability_zones' in choice || 'compute_nodes' in choice,
    );
  }

  get namesInstances(): boolean {
    return this.#choices.some(
      (choice) => 'instances' in choice || 'projects' in choice || 'instance_metadata' in choice,
    );
  }

  hasHost(name: string): boolean {
    this.#hosts ??= new Set(this.#choices.flatMap((choice) => hostsOf(this.#view, choice)));
    return this.#hosts.has(name);
  }

  hasInstance({ uuid, identity, metadata }: Instance): boolean {
    this.#instances ??= new Set(this.#choices.flatMap((one) => ('instances' in one ? uuids(one.instances) : [])));
    this.#projects ??= new Set(this.#choices.flatMap((one) => ('projects' in one ? uuids(one.projects) : [])));
    if (this.#instances.has(uuid) || this.#projects.has(identity?.project_id ?? '')) return true;
    return this.#choices.some(
      (choice) =>
        'instance_metadata' in choice &&
        choice.instance_metadata.some((pairs) =>
          Object.entries(pairs).some(([key, value]) => metadata?.[key]?.toLowerCase() === String(value).toLowerCase()),
        ),
    );
  }
}

/**
 * Which hosts and instances a scope lets an audit touch, on a view, by what it says of compute. Hosts: all, or those that any
 * of its aggregates, zones or hosts names; instances on these: all, or those that any of its instances, projects or metadata
 * names; without what is excluded.
 */
export function compileScope(scope: ScopeSpec, view: View): Scope {
  const rules = computeRulesOf(scope);
  const included = new Chosen(view, rules.filter(isChoice));
  const excluded = new Chosen(
    view,
    rules.flatMap((rule) => ('exclude' in rule ? rule.exclude : [])),
  );
  const hasHost = (name: string): boolean =>
    (!included.namesHosts || included.hasHost(name)) && !excluded.hasHost(name);
  return {
    hasHost,
    hasInstance: (uuid) => {
      const instance = view.instance(uuid);
      const host = instance?.place?.host ?? null;
      if (instance === undefined || (host !== null && !hasHost(host))) return false;
      return (!included.namesInstances || included.hasInstance(instance)) && !excluded.hasInstance(instance);
    },
  };
}

function isChoice(rule: ScopeRule): rule is Choice {
  return !('exclude' in rule);
}

function hostsOf(view: View, choice: Choice): readonly string[] {
  if ('compute_nodes' in choice) return choice.compute_nodes.map(({ name }) => name);
  if ('host_aggregates' in choice) {
    const named = [...view.aggregates()].filter((aggregate) =>
      choice.host_aggregates.some((wanted) => isNamed(aggregate, wanted)),
    );
    return named.flatMap(({ hosts }) => hosts);
  }
  if ('availability_zones' in choice) {
    const zones = new Set(choice.availability_zones.map(({ name }) => name));
    const isIn = (host: string): boolean => zones.has('*') || zones.has(shownZoneOfHost(host, view));
    return [...view.hosts()].map(({ name }) => name).filter(isIn);
  }
  return [];
}

function isNamed({ id, name }: Aggregate, wanted: { readonly id: number | '*' } | { readonly name: string }): boolean {
  return 'name' in wanted ? wanted.name === '*' || wanted.name === name : wanted.id === '*' || wanted.id === id;
}

function uuids(items: readonly { readonly uuid: string }[]): string[] {
  return items.map(({ uuid }) => uuid);
}
