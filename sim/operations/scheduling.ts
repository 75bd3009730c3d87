import type { Cloud, Request } from '../cloud.ts';
import { type Flavor, type Host, type Instance, type InstanceRow, resourcesOf } from '../state/types.ts';
import type { Fault } from '../wire/common.ts';
import { computeTaskPayload, type Destination, type RequestSpec, requestSpecPayload } from '../wire/request-spec.ts';

/** What an operation asks of the scheduler. */
export interface Ask {
  readonly instance: Instance;
  readonly flavor: Flavor;
  readonly exclude?: readonly Host[];
  /** Told as `ignore_hosts`. */
  readonly ignoreHosts?: readonly string[];
  readonly target?: Host | null;
  /** A move within the cell, rather than a new instance. */
  readonly move: boolean;
}

/** What the conductor says when the scheduler finds none. */
export const NO_VALID_HOST: Fault = {
  module: 'oslo_messaging._drivers.amqpdriver',
  function: '_send',
  exception: 'NoValidHost_Remote',
  message: 'No valid host was found. There are not enough hosts available.',
};

/** Its root disk is a volume, so it has no image. */
export function bootsFromVolume(row: InstanceRow): boolean {
  return row.image === null;
}

/** What an instance takes of a host. */
export function demandOf(instance: Instance, flavor: Flavor = instance.row.flavor): ReturnType<typeof resourcesOf> {
  return resourcesOf(flavor, bootsFromVolume(instance.row));
}

/**
 * The scheduler's part of an operation: its two notifications and the choice, which is claimed for the instance at once.
 * Null: no valid host; then only the first notification is sent.
 */
export function* schedule(cloud: Cloud, request: Request, ask: Ask): Generator<number, Host | null, void> {
  const { instance, flavor } = ask;
  const host = cloud.scheduler.choose(
    {
      flavor,
      bootsFromVolume: bootsFromVolume(instance.row),
      zone: instance.pinnedZone,
      group: instance.group,
      uuid: instance.row.uuid,
      exclude: ask.exclude ?? [],
      target: ask.target ?? null,
    },
    cloud.random,
  );
  const spec = specOf(cloud, ask);
  if (host !== null) cloud.allocations.claim(instance.row.uuid, host, demandOf(instance, flavor));
  const publisher = `nova-scheduler:${cloud.controller()}`;
  cloud.emit(request, 'scheduler.select_destinations.start', publisher, requestSpecPayload(spec));
  yield 85;
  if (host === null) return null;
  cloud.emit(request, 'scheduler.select_destinations.end', publisher, requestSpecPayload(specOf(cloud, ask)));
  return host;
}

/** The request spec of an ask, as notifications tell it. */
export function specOf(cloud: Cloud, ask: Ask): RequestSpec {
  const { instance, target } = ask;
  return {
    row: instance.row,
    flavor: ask.flavor,
    zone: instance.pinnedZone,
    group: instance.group,
    groupHosts: instance.group === null ? [] : cloud.scheduler.groupHosts(instance.group, instance.row.uuid),
    ignoreHosts: ask.ignoreHosts ?? null,
    destination: destinationOf(cloud, ask, target ?? null),
    cellUuid: cloud.fabric.cellUuid,
  };
}

function destinationOf(cloud: Cloud, ask: Ask, target: Host | null): Destination | null {
  const zone = ask.instance.pinnedZone;
  const zones = cloud.aggregates.all().filter((aggregate) => aggregate.metadata.availability_zone === zone);
  const aggregates = zone === null || zones.length === 0 ? null : zones.map((aggregate) => aggregate.uuid);
  if (target === null && !ask.move && aggregates === null) return null;
  return {
    ...(target === null ? {} : { host: target.name, node: target.node }),
    ...(ask.move ? { cell: true } : {}),
    aggregates,
  };
}

/** The conductor's `compute_task.<task>.error`. */
export function notifyTaskError(cloud: Cloud, request: Request, task: string, ask: Ask, reason: Fault): void {
  const payload = computeTaskPayload({ spec: specOf(cloud, ask), state: ask.instance.row.state, reason });
  cloud.emit(request, `compute_task.${task}.error`, `nova-conductor:${cloud.controller()}`, payload, 'ERROR');
}
