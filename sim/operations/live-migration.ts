import type { Cloud, Process, Request } from '../cloud.ts';
import type { Host, Instance, InstanceRow, Migration } from '../state/types.ts';
import { FAULTS, notifyException, setFault } from './faults.ts';
import { hostOf, placedOn, recordMigration, setStatus } from './migration.ts';
import { type Ask, NO_VALID_HOST, notifyTaskError, schedule } from './scheduling.ts';

/** How a live migration may go wrong. */
export type LiveMigrationFailure =
  /** The destination refuses while it prepares: rolled back. */
  | 'pre'
  /** The hypervisor fails while memory is copied: rolled back. */
  | 'copy'
  /** The same, and the driver raises: rolled back, then ERROR, which only an `instance.update` tells. */
  | 'raise'
  /** The guest has moved, the source fails to clean up: only an `instance.update` tells the new host. */
  | 'cleanup';

/**
 * A live migration. When it succeeds the SOURCE has the last word (`live_migration_post.end`) and its copy of the row
 * still names itself: what it says is not where the instance is.
 */
export function* liveMigration(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  to: Host | null = null,
  failure: LiveMigrationFailure | null = null,
): Process {
  const source = hostOf(cloud, instance);
  const before = instance.row;
  const migration = recordMigration(cloud, request, 'live-migration', instance, source);
  cloud.allocations.transfer(before.uuid, migration.uuid);
  const asked = cloud.save(request, instance, { taskState: 'migrating' });
  yield 400;
  const ask: Ask = {
    instance,
    flavor: before.flavor,
    exclude: [source],
    ignoreHosts: [source.name],
    target: to,
    move: true,
  };
  const destination = yield* schedule(cloud, request, ask);
  if (destination === null) {
    yield 130;
    giveBack(cloud, migration);
    setStatus(cloud, migration, 'error');
    cloud.save(request, instance, { taskState: null });
    yield 10;
    notifyTaskError(cloud, request, 'migrate_server', ask, NO_VALID_HOST);
    return;
  }
  migration.destination = destination;
  setStatus(cloud, migration, 'preparing');
  yield 1200;
  cloud.notify(request, 'live_migration_pre.start', destination.name, asked);
  yield 55;
  if (failure === 'pre') {
    notifyException(cloud, request, destination.name, FAULTS.preLiveMigration);
    yield 130;
    yield* rollback(cloud, request, migration, asked, 'error');
    return;
  }
  cloud.notify(request, 'live_migration_pre.end', destination.name, asked);
  setStatus(cloud, migration, 'running');
  yield* copyMemory(cloud, migration);
  if (migration.asked === 'abort') {
    yield* rollback(cloud, request, migration, asked, 'cancelled');
  } else if (failure === 'copy' || failure === 'raise') {
    yield* rollback(cloud, request, migration, asked, failure === 'raise' ? 'error' : 'failed');
    if (failure === 'raise') yield* becomeError(cloud, request, instance);
  } else {
    yield* finish(cloud, request, migration, asked, failure === 'cleanup');
  }
}

/** Memory is copied, ten times longer the bigger the instance, until it is done, aborted or forced. */
function* copyMemory(cloud: Cloud, migration: Migration): Process {
  const slices = 8 + Math.round((migration.instance.row.flavor.memoryMb / 1024) * cloud.random.float());
  for (let i = 0; i < slices && migration.asked === null; i++) yield 250;
}

function* finish(
  cloud: Cloud,
  request: Request,
  migration: Migration,
  asked: InstanceRow,
  cleanupFails: boolean,
): Process {
  const { instance, source, destination } = migration;
  if (destination === null) return;
  cloud.notify(request, 'live_migration_post.start', source.name, asked);
  const there = { ...placedOn(cloud, destination), taskState: null };
  if (cleanupFails) {
    yield 600;
    cloud.save(request, instance, there);
    setStatus(cloud, migration, 'error');
    cloud.allocations.release(migration.uuid);
    return;
  }
  yield 450;
  cloud.notify(request, 'live_migration_post_dest.start', destination.name, asked);
  yield 160;
  const moved = cloud.save(request, instance, there);
  yield 13;
  cloud.notify(request, 'live_migration_post_dest.end', destination.name, moved);
  setStatus(cloud, migration, 'completed');
  cloud.allocations.release(migration.uuid);
  yield 220;
  cloud.notify(request, 'live_migration_post.end', source.name, asked);
}

function* rollback(cloud: Cloud, request: Request, migration: Migration, asked: InstanceRow, status: string): Process {
  const { instance, source } = migration;
  yield 200;
  cloud.notify(request, 'live_migration_rollback.start', source.name, asked);
  yield 60;
  const back = cloud.save(request, instance, { taskState: null });
  giveBack(cloud, migration);
  setStatus(cloud, migration, status);
  yield 12;
  cloud.notify(request, 'live_migration_rollback.end', source.name, back);
}

function* becomeError(cloud: Cloud, request: Request, instance: Instance): Process {
  yield 230;
  setFault(cloud, instance, FAULTS.preLiveMigration);
  cloud.save(request, instance, { state: 'error' });
}

/** The instance holds the source alone again. */
function giveBack(cloud: Cloud, migration: Migration): void {
  const { uuid } = migration.instance.row;
  cloud.allocations.release(uuid);
  cloud.allocations.transfer(migration.uuid, uuid);
}

/** `DELETE /servers/{id}/migrations/{id}`: asks the source to stop; the rollback follows by itself. */
export function* abortLiveMigration(cloud: Cloud, request: Request, migration: Migration): Process {
  const { instance, source } = migration;
  const row = cloud.read(instance);
  yield 30;
  cloud.notify(request, 'live_migration_abort.start', source.name, row);
  migration.asked = 'abort';
  yield 12;
  cloud.notify(request, 'live_migration_abort.end', source.name, row);
}

/** `POST /servers/{id}/migrations/{id}/action` force_complete: the API's copy of the row goes along. */
export function* forceComplete(cloud: Cloud, request: Request, migration: Migration): Process {
  const { instance, source } = migration;
  const row = cloud.read(instance);
  yield 30;
  cloud.notify(request, 'live_migration_force_complete.start', source.name, row);
  migration.asked = 'force-complete';
  yield 3;
  cloud.notify(request, 'live_migration_force_complete.end', source.name, row);
}
