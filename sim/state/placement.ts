import type { Random } from '../random.ts';
import type { Aggregates } from './aggregates.ts';
import type { Allocations } from './allocations.ts';
import type { Instances } from './instances.ts';
import { capacity, type Flavor, type Host, type Resources, resourcesOf, type ServerGroup } from './types.ts';

/** What is asked of the scheduler. */
export interface PlacementRequest {
  readonly flavor: Flavor;
  readonly bootsFromVolume: boolean;
  readonly zone: string | null;
  readonly group: ServerGroup | null;
  /** Of the server itself, which is not in its own way. */
  readonly uuid: string;
  readonly exclude: readonly Host[];
  /** Only this host will do. */
  readonly target: Host | null;
}

/** As many random hosts are looked at before all are. */
const SAMPLE = 24;
/** The roomiest of so many that fit is taken, as nova's weighers would. */
const CHOICE = 3;

/** nova's scheduler with placement, as far as a simulated cloud needs it: filters, then the roomiest of a few. */
export class Scheduler {
  readonly #hosts: readonly Host[];
  readonly #instances: Instances;
  readonly #allocations: Allocations;
  readonly #aggregates: Aggregates;

  constructor(hosts: readonly Host[], instances: Instances, allocations: Allocations, aggregates: Aggregates) {
    this.#hosts = hosts;
    this.#instances = instances;
    this.#allocations = allocations;
    this.#aggregates = aggregates;
  }

  /** The chosen host; null: no valid host was found. */
  choose(request: PlacementRequest, random: Random): Host | null {
    if (request.target !== null) return this.fits(request.target, request) ? request.target : null;
    const found: Host[] = [];
    for (let i = 0; i < SAMPLE && found.length < CHOICE; i++) {
      const host = random.pick(this.#hosts);
      if (!found.includes(host) && this.fits(host, request)) found.push(host);
    }
    if (found.length === 0) return this.#hosts.find((host) => this.fits(host, request)) ?? null;
    return found.reduce((best, host) => (this.#freeMemory(host) > this.#freeMemory(best) ? host : best));
  }

  fits(host: Host, request: PlacementRequest): boolean {
    return (
      host.alive &&
      !host.disabled &&
      !host.forcedDown &&
      !host.draining &&
      !request.exclude.includes(host) &&
      (request.zone === null || this.#aggregates.zoneOf(host) === request.zone) &&
      this.#hasRoom(host, resourcesOf(request.flavor, request.bootsFromVolume)) &&
      this.#meetsExtraSpecs(host, request.flavor) &&
      this.#meetsGroup(host, request)
    );
  }

  #freeMemory(host: Host): number {
    return capacity(host.memoryMb) - this.#allocations.used(host).memoryMb;
  }

  #hasRoom(host: Host, asked: Resources): boolean {
    const used = this.#allocations.used(host);
    return (
      used.vcpus + asked.vcpus <= capacity(host.vcpus) &&
      used.memoryMb + asked.memoryMb <= capacity(host.memoryMb) &&
      used.diskGb + asked.diskGb <= capacity(host.diskGb)
    );
  }

  #meetsExtraSpecs(host: Host, flavor: Flavor): boolean {
    return Object.entries(flavor.extraSpecs).every(([key, value]) => {
      if (key.startsWith('trait:')) return value !== 'required' || host.traits.includes(key.slice(6));
      if (!key.startsWith('aggregate_instance_extra_specs:')) return true;
      const name = key.slice('aggregate_instance_extra_specs:'.length);
      return this.#aggregates.of(host).some((aggregate) => aggregate.metadata[name] === value);
    });
  }

  #meetsGroup(host: Host, request: PlacementRequest): boolean {
    const { group } = request;
    if (group === null || group.policy.startsWith('soft-')) return true;
    const others = this.groupHosts(group, request.uuid);
    if (group.policy === 'affinity') return others.length === 0 || others.includes(host.name);
    const limit = group.rules.max_server_per_host ?? 1;
    return others.filter((name) => name === host.name).length < limit;
  }

  /** The hosts on which members of a group are or are about to be, one for each, without one of them. */
  groupHosts(group: ServerGroup, without: string): string[] {
    const hosts: string[] = [];
    for (const uuid of group.members) {
      if (uuid === without || this.#instances.get(uuid)?.row.state === 'deleted') continue;
      for (const allocation of this.#allocations.of(uuid)) hosts.push(allocation.host.name);
    }
    return hosts;
  }
}
