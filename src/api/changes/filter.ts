import { type Static, Type } from 'typebox';
import { ELEMENT_KINDS, type ElementKind } from '../../../model/element.ts';
import type { Aggregate, ServerGroup } from '../../../model/grouping.ts';
import type { Host } from '../../../model/host.ts';
import type { Instance } from '../../../model/instance.ts';
import type { Entity } from '../../../model/live-model.ts';
import { anyOf } from '../query/instance-filter.ts';

/** Filters of the stream of changes; an element must pass all that are given. */
export const CHANGE_FILTERS = {
  kind: Type.Optional(
    Type.Array(Type.Unsafe<ElementKind>({ type: 'string', enum: [...ELEMENT_KINDS] }), {
      maxItems: ELEMENT_KINDS.length,
      description: 'Of this kind. Given several times: any of them.',
    }),
  ),
  host: anyOf('This host, instances on it, aggregates with it.'),
  project: anyOf('Instances and server groups of this project id.'),
  instance: anyOf('The instance of this uuid, server groups with it.'),
};

const FILTERS = Type.Object(CHANGE_FILTERS);
export type ChangeFilters = Static<typeof FILTERS>;

/** Whether an element, as it is or was, passes; undefined when there is no filter at all. */
export type ElementFilter = ((kind: ElementKind, element: Entity) => boolean) | undefined;

export function elementFilter(filters: ChangeFilters): ElementFilter {
  const { kind, host, project, instance } = filters;
  if ([kind, host, project, instance].every((given) => given === undefined)) return undefined;
  const tests: ((names: Names) => boolean)[] = [];
  if (host !== undefined) tests.push((names) => names.hosts.some((name) => host.includes(name)));
  if (project !== undefined) tests.push((names) => names.project !== null && project.includes(names.project));
  if (instance !== undefined) tests.push((names) => names.instances.some((uuid) => instance.includes(uuid)));
  return (itsKind, element) => {
    if (kind !== undefined && !kind.includes(itsKind)) return false;
    if (tests.length === 0) return true;
    const names = NAMES[itsKind](element);
    return tests.every((test) => test(names));
  };
}

/** What an element names, for the filters to look at. */
interface Names {
  readonly hosts: readonly string[];
  readonly project: string | null;
  readonly instances: readonly string[];
}

const NAMES: { readonly [kind in ElementKind]: (element: Entity) => Names } = {
  host: (element) => ({ hosts: [(element as Host).name], project: null, instances: [] }),
  instance: (element) => {
    const { uuid, place, identity } = element as Instance;
    const host = place?.host ?? null;
    return { hosts: host === null ? [] : [host], project: identity?.project_id ?? null, instances: [uuid] };
  },
  aggregate: (element) => ({ hosts: (element as Aggregate).hosts, project: null, instances: [] }),
  server_group: (element) => {
    const { project_id, members } = element as ServerGroup;
    return { hosts: [], project: project_id, instances: members };
  },
};
