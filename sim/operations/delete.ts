import { SECOND } from '../clock/time.ts';
import type { Cloud, Process, Request } from '../cloud.ts';
import { hasEnded } from '../state/migrations.ts';
import type { Host, Instance } from '../state/types.ts';
import { hasBlockDevices } from '../wire/instance.ts';
import { setStatus } from './migration.ts';

/** nova's `instance_delete_interval`: how long until a periodic task finds what is left on disk, in seconds. */
const DELETE_INTERVAL = 300;

/** After so many seconds the operator archives a deleted row (`nova-manage db archive_deleted_rows`): nothing is left. */
const ARCHIVE_AFTER = 86_400;

/** A delete: by the compute service, or by the API itself when the instance is nowhere or its host is dead. */
export function* deleteInstance(cloud: Cloud, request: Request, instance: Instance): Process {
  const host = instance.row.host === null ? null : (cloud.hosts.get(instance.row.host) ?? null);
  if (host?.alive && !host.forcedDown) yield* deleteOnHost(cloud, request, instance, host);
  else yield* deleteLocally(cloud, request, instance);
  cloud.at(cloud.now + ARCHIVE_AFTER * SECOND, () => cloud.instances.archive(instance));
  cloud.allocations.release(instance.row.uuid);
  const { migration } = instance;
  if (migration === null) return;
  cloud.allocations.release(migration.uuid);
  if (!hasEnded(migration)) setStatus(cloud, migration, 'error');
}

function* deleteOnHost(cloud: Cloud, request: Request, instance: Instance, host: Host): Process {
  const deleting = cloud.save(request, instance, { taskState: 'deleting' });
  yield 35;
  cloud.notify(request, 'delete.start', host.name, deleting);
  yield 5;
  cloud.notify(request, 'shutdown.start', host.name, deleting);
  yield 205;
  cloud.notify(request, 'shutdown.end', host.name, deleting);
  yield 45;
  terminate(cloud, request, instance);
  yield 210;
  cloud.notify(request, 'delete.end', host.name, destroy(cloud, instance));
  const sweep = cloud.now + Math.round(cloud.random.float() * DELETE_INTERVAL * SECOND);
  cloud.at(sweep, () => sweepDeleted(cloud, instance, host));
}

function* deleteLocally(cloud: Cloud, request: Request, instance: Instance): Process {
  const publisher = `nova-api:${cloud.controller()}`;
  const blockDevices = cloud.options.blockDevices || (instance.row.host !== null && hasBlockDevices('delete.start'));
  const deleting = cloud.save(request, instance, { taskState: 'deleting' });
  yield 45;
  cloud.notifyAs(request, 'delete.start', publisher, deleting, { blockDevices });
  yield 235;
  terminate(cloud, request, instance);
  yield 180;
  cloud.notifyAs(request, 'delete.end', publisher, destroy(cloud, instance), { blockDevices });
}

function terminate(cloud: Cloud, request: Request, instance: Instance): void {
  const terminated = { state: 'deleted', taskState: null, powerState: 'pending', terminatedAt: cloud.second };
  cloud.save(request, instance, terminated);
}

/** The row is marked deleted, which moves no `updated_at`; the whole row is read back. */
function destroy(cloud: Cloud, instance: Instance): Instance['row'] {
  cloud.instances.replace(instance, { ...instance.row, deletedAt: cloud.second, updatedAt: instance.updatedAt });
  return cloud.read(instance);
}

/** Minutes later a periodic task of the host marks the deleted instance as cleaned up: one more `instance.update`. */
function sweepDeleted(cloud: Cloud, instance: Instance, host: Host): void {
  if (host.alive) cloud.save(cloud.request(null), instance, {});
}
