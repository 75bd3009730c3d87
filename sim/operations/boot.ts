import type { Cloud, Process, Request, RowChanges } from '../cloud.ts';
import type { Actor, Flavor, Host, Image, Instance, ServerGroup, Volume } from '../state/types.ts';
import type { Fault } from '../wire/common.ts';
import { FAULTS, setFault } from './faults.ts';
import { type Ask, demandOf, NO_VALID_HOST, notifyTaskError, schedule } from './scheduling.ts';
import { addMember } from './server-group.ts';

/** What a user asks for with POST /servers. */
export interface ServerRequest {
  readonly name: string;
  readonly flavor: Flavor;
  /** Null: boots from a new volume. */
  readonly image: Image | null;
  readonly actor: Actor;
  readonly zone?: string | null;
  readonly group?: ServerGroup | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** The cloud's own life leaves it alone. */
  readonly steady?: boolean;
}

/** nova's `max_attempts`. */
const MAX_ATTEMPTS = 3;

/** Makes the instance as the API does before it answers: known, building, nowhere. */
export function createInstance(cloud: Cloud, server: ServerRequest): Instance {
  const group = server.group ?? null;
  const instance: Instance = {
    row: {
      uuid: cloud.random.uuid(),
      number: cloud.instances.nextNumber(),
      actor: server.actor,
      reservationId: `r-${cloud.random.hex().slice(0, 8)}`,
      displayName: server.name,
      displayDescription: null,
      hostName: hostNameOf(server.name),
      host: null,
      node: null,
      availabilityZone: server.zone ?? null,
      flavor: server.flavor,
      image: server.image,
      volumes: server.image === null ? [rootVolume(cloud)] : [],
      createdAt: cloud.second,
      launchedAt: null,
      terminatedAt: null,
      deletedAt: null,
      updatedAt: null,
      state: 'building',
      powerState: 'pending',
      taskState: 'scheduling',
      metadata: server.metadata ?? {},
      tags: server.tags ?? [],
      locked: false,
      lockedReason: null,
    },
    updatedAt: null,
    group,
    pinnedZone: server.zone ?? null,
    steady: server.steady ?? false,
    busy: false,
    migration: null,
    fault: null,
  };
  cloud.instances.add(instance);
  return instance;
}

/** The host name that nova makes of a display name. */
function hostNameOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63);
}

function rootVolume(cloud: Cloud): Volume {
  return { id: cloud.random.uuid(), deviceName: '/dev/vda', bootIndex: 0, deleteOnTermination: true };
}

/**
 * A boot. `failures`: on so many hosts in a row the hypervisor fails to spawn it, which nova tries again elsewhere, three
 * times at most.
 */
export function* boot(cloud: Cloud, request: Request, instance: Instance, failures = 0): Process {
  if (instance.group !== null) {
    addMember(cloud, request, instance.group, instance);
    yield 250;
  }
  const ask: Ask = { instance, flavor: instance.row.flavor, move: false };
  const first = yield* schedule(cloud, request, ask);
  if (first === null) {
    yield 300;
    yield* giveUp(cloud, request, ask, NO_VALID_HOST);
    return;
  }
  yield 170;
  const row = { ...instance.row, availabilityZone: cloud.aggregates.zoneOf(first) };
  cloud.instances.replace(instance, row);
  cloud.announce(request, row, row, 'nova-conductor');
  let host: Host = first;
  const failed: Host[] = [];
  for (let attempt = 1; ; attempt++) {
    yield 130;
    yield* claim(cloud, request, instance, host);
    if (attempt > failures) break;
    yield* spawnFails(cloud, request, instance, host);
    failed.push(host);
    const next = attempt < MAX_ATTEMPTS ? reschedule(cloud, instance, failed) : null;
    if (next === null) {
      const message = `Exceeded maximum number of retries for instance ${row.uuid}. All hosts failed to build it.`;
      const fault: Fault = { ...NO_VALID_HOST, exception: 'MaxRetriesExceeded', message };
      yield 200;
      yield* giveUp(cloud, request, ask, fault);
      return;
    }
    host = next;
    yield 250;
    cloud.save(request, instance, { taskState: 'scheduling', availabilityZone: cloud.aggregates.zoneOf(host) });
  }
  yield 90;
  const launched: RowChanges = { state: 'active', taskState: null, powerState: 'running', launchedAt: cloud.second };
  const active = cloud.save(request, instance, launched);
  yield 15;
  cloud.notify(request, 'create.end', host.name, active);
}

/** The instance's way on one host up to the spawn. */
function* claim(cloud: Cloud, request: Request, instance: Instance, host: Host): Process {
  const began = cloud.save(request, instance, { taskState: null });
  yield 8;
  cloud.notify(request, 'create.start', host.name, began);
  yield 65;
  cloud.save(request, instance, { host: host.name, node: host.node });
  yield 155;
  cloud.save(request, instance, { taskState: 'networking' });
  yield 85;
  cloud.save(request, instance, { taskState: 'block_device_mapping' });
  yield 65;
  cloud.save(request, instance, { taskState: 'spawning' });
}

/** What is undone when the hypervisor fails; the claim goes, the build goes on. */
function* spawnFails(cloud: Cloud, request: Request, instance: Instance, host: Host): Process {
  yield 5;
  const spawning = instance.row;
  cloud.notify(request, 'shutdown.start', host.name, spawning);
  yield 150;
  cloud.notify(request, 'shutdown.end', host.name, spawning);
  yield 60;
  const unclaimed = cloud.save(request, instance, { host: null, node: null });
  yield 150;
  cloud.notify(request, 'create.error', host.name, unclaimed, { fault: FAULTS.spawn });
  yield 250;
  cloud.save(request, instance, {});
  yield 110;
  cloud.save(request, instance, { taskState: 'scheduling' });
}

/** The next of the alternate hosts that the scheduler named; it is not asked again. */
function reschedule(cloud: Cloud, instance: Instance, exclude: readonly Host[]): Host | null {
  cloud.allocations.release(instance.row.uuid);
  const { row, group, pinnedZone } = instance;
  const host = cloud.scheduler.choose(
    {
      flavor: row.flavor,
      bootsFromVolume: row.image === null,
      zone: pinnedZone,
      group,
      uuid: row.uuid,
      exclude,
      target: null,
    },
    cloud.random,
  );
  if (host !== null) cloud.allocations.claim(row.uuid, host, demandOf(instance));
  return host;
}

function* giveUp(cloud: Cloud, request: Request, ask: Ask, reason: Fault): Process {
  const { instance } = ask;
  cloud.allocations.release(instance.row.uuid);
  setFault(cloud, instance, reason);
  cloud.save(request, instance, { state: 'error', taskState: null });
  yield 20;
  notifyTaskError(cloud, request, 'build_instances', ask, reason);
}
