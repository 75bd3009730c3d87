import { type ElementKey, elementId, elementKind } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import { type Aggregate, aggregateFrom, groupFrom, type ServerGroup } from '../../model/grouping.ts';
import { Registers } from '../../model/held.ts';
import { type Host, hostFrom, isHostGone, isKnown, unknownHost } from '../../model/host.ts';
import { type Instance, instanceFrom, isDeleted, usageOf } from '../../model/instance.ts';
import { addTotals, NO_TOTALS, type Totals } from '../../model/totals.ts';
import type { View } from '../../model/view.ts';
import { HOSTS, PROJECTS, UUIDS } from './world.ts';

type Everything = Omit<View, 'revision'>;

/** Answers every question by looking at everything: slow, and so simple that it is right. One fact a register is given. */
export class ScanView implements Everything {
  readonly #instances: Instance[] = [];
  readonly #hosts: Host[] = [];
  readonly #aggregates: Aggregate[] = [];
  readonly #groups: ServerGroup[] = [];

  constructor(facts: readonly Fact[]) {
    const elements = new Map<ElementKey, Registers>();
    for (const { element, register, value, clock, cause } of facts) {
      const registers = elements.get(element) ?? new Registers();
      registers.add(register, value ?? null, { clock, cause, sharedBy: 0 });
      elements.set(element, registers);
    }
    for (const [key, registers] of elements) this.#place(key, registers);
  }

  #place(key: ElementKey, registers: Registers): void {
    const id = elementId(key);
    const kind = elementKind(key);
    if (kind === 'host') {
      const host = hostFrom(id, registers);
      if (!isHostGone(registers) && isKnown(host)) this.#hosts.push(host);
    } else if (!isDeleted(registers)) {
      const aggregate = kind === 'aggregate' ? aggregateFrom(id, registers) : null;
      if (aggregate !== null) this.#aggregates.push(aggregate);
      if (kind === 'instance') this.#instances.push(instanceFrom(id, registers));
      if (kind === 'server_group') this.#groups.push(groupFrom(id, registers));
    }
  }

  instance(uuid: string): Instance | undefined {
    return this.#instances.find((one) => one.uuid === uuid);
  }
  instances(): Instance[] {
    return this.#instances;
  }
  instanceCount(): number {
    return this.#instances.length;
  }
  instancesOn(host: string): Instance[] {
    return this.#instances.filter(({ place }) => place?.host === host);
  }
  instancesOf(project: string): Instance[] {
    return this.#instances.filter(({ identity }) => identity?.project_id === project);
  }
  host(name: string): Host | undefined {
    const known = this.#hosts.find((one) => one.name === name);
    return known ?? (this.instancesOn(name).length > 0 ? unknownHost(name) : undefined);
  }
  hosts(): Host[] {
    const names = new Set([...this.#hosts.map(({ name }) => name), ...this.#instances.map((one) => one.place?.host)]);
    return [...names].map((name) => this.host(name ?? '')).filter((host) => host !== undefined);
  }
  totalsOn(host: string): Totals {
    return sum(this.instancesOn(host));
  }
  aggregate(uuid: string): Aggregate | undefined {
    return this.#aggregates.find((one) => one.uuid === uuid);
  }
  aggregates(): Aggregate[] {
    return this.#aggregates;
  }
  aggregatesOf(host: string): Aggregate[] {
    return this.#aggregates.filter(({ hosts }) => hosts.includes(host));
  }
  serverGroup(uuid: string): ServerGroup | undefined {
    return this.#groups.find((one) => one.uuid === uuid);
  }
  serverGroups(): ServerGroup[] {
    return this.#groups;
  }
  groupsOf(instance: string): ServerGroup[] {
    return this.#groups.filter(({ members }) => members.includes(instance));
  }
}

export function sum(instances: Iterable<Instance>): Totals {
  return [...instances].map(usageOf).reduce(addTotals, NO_TOTALS);
}

/** How many instances there are of each vm_state. */
export function countStates(instances: Iterable<Instance>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of instances) {
    const name = state?.vm_state ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Everything a view answers about the small cloud, in an order of its own. */
export function answers(view: Everything): unknown {
  const of = <T>(names: readonly string[], ask: (name: string) => T): [string, T][] =>
    names.map((name) => [name, ask(name)]);
  const byName = (hosts: Iterable<Host>): Host[] => [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
  const byUuid = <T extends { uuid: string }>(all: Iterable<T>): T[] =>
    [...all].sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  const hosts = [...HOSTS, 'nowhere'];
  const uuids = [...UUIDS, 'nothing'];
  return {
    instance: of(uuids, (uuid) => view.instance(uuid)),
    instances: byUuid(view.instances()),
    instanceCount: view.instanceCount(),
    instancesOn: of(hosts, (host) => byUuid(view.instancesOn(host))),
    instancesOf: of([...PROJECTS, 'nobody'], (project) => byUuid(view.instancesOf(project))),
    host: of(hosts, (host) => view.host(host)),
    hosts: byName(view.hosts()),
    totalsOn: of(hosts, (host) => view.totalsOn(host)),
    aggregate: of(['a0', 'a1', 'none'], (uuid) => view.aggregate(uuid)),
    aggregates: byUuid(view.aggregates()),
    aggregatesOf: of(hosts, (host) => byUuid(view.aggregatesOf(host))),
    serverGroup: of(['g0', 'g1', 'none'], (uuid) => view.serverGroup(uuid)),
    serverGroups: byUuid(view.serverGroups()),
    groupsOf: of(uuids, (uuid) => byUuid(view.groupsOf(uuid))),
  };
}
