import type { Cloud, Process, Request } from '../cloud.ts';
import type { Aggregate, Host } from '../state/types.ts';
import { aggregatePayload } from '../wire/resources.ts';

type Metadata = Readonly<Record<string, string>>;

/** Changes of aggregates: a notification before, the change, a notification with the whole new state after. */
function* change(
  cloud: Cloud,
  request: Request,
  action: string,
  aggregate: Aggregate,
  delay: number,
  apply: () => void,
  created = true,
): Process {
  const publisher = `nova-api:${cloud.controller()}`;
  cloud.emit(request, `aggregate.${action}.start`, publisher, aggregatePayload({ aggregate, created }));
  yield delay;
  apply();
  cloud.emit(request, `aggregate.${action}.end`, publisher, aggregatePayload({ aggregate, created: true }));
}

/** A new aggregate, not yet known to the cloud: {@link createAggregate} makes it so. */
export function newAggregate(cloud: Cloud, name: string, metadata: Metadata): Aggregate {
  const id = cloud.aggregates.nextId();
  return { id, uuid: cloud.random.uuid(), name, hosts: [], metadata, createdAt: cloud.now, updatedAt: null };
}

/** `aggregate.create`; from then on the cloud knows it. */
export function createAggregate(cloud: Cloud, request: Request, aggregate: Aggregate): Process {
  return change(cloud, request, 'create', aggregate, 35, () => cloud.aggregates.set(aggregate), false);
}

/** `aggregate.delete`; it should have no hosts, as nova demands. */
export function deleteAggregate(cloud: Cloud, request: Request, aggregate: Aggregate): Process {
  return change(cloud, request, 'delete', aggregate, 14, () => cloud.aggregates.delete(aggregate));
}

/** `aggregate.add_host` */
export function addHost(cloud: Cloud, request: Request, aggregate: Aggregate, host: Host): Process {
  return change(cloud, request, 'add_host', aggregate, 145, () =>
    setHosts(cloud, aggregate, [...aggregate.hosts, host.name]),
  );
}

/** `aggregate.remove_host` */
export function removeHost(cloud: Cloud, request: Request, aggregate: Aggregate, host: Host): Process {
  return change(cloud, request, 'remove_host', aggregate, 157, () =>
    setHosts(
      cloud,
      aggregate,
      aggregate.hosts.filter((name) => name !== host.name),
    ),
  );
}

/** Sets some keys; null takes one away. */
export function updateMetadata(
  cloud: Cloud,
  request: Request,
  aggregate: Aggregate,
  changes: Readonly<Record<string, string | null>>,
): Process {
  return change(cloud, request, 'update_metadata', aggregate, 12, () => {
    const kept = Object.entries({ ...aggregate.metadata, ...changes }).filter(([, value]) => value !== null);
    aggregate.metadata = Object.fromEntries(kept) as Metadata;
    cloud.aggregates.reindex();
  });
}

/** The new name is in the `.start` already. Of all changes only this one moves the row's `updated_at`. */
export function renameAggregate(cloud: Cloud, request: Request, aggregate: Aggregate, name: string): Process {
  aggregate.name = name;
  aggregate.updatedAt = cloud.now;
  return change(cloud, request, 'update_prop', aggregate, 39, () => {});
}

function setHosts(cloud: Cloud, aggregate: Aggregate, hosts: readonly string[]): void {
  aggregate.hosts = hosts;
  cloud.aggregates.reindex();
}
