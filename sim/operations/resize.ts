import type { Cloud, Process, Request } from '../cloud.ts';
import type { Flavor, Host, Instance, InstanceRow, Migration } from '../state/types.ts';
import { FAULTS, notifyException, setFault } from './faults.ts';
import { hostOf, placedOn, recordMigration, setStatus } from './migration.ts';
import { type Ask, NO_VALID_HOST, notifyTaskError, schedule } from './scheduling.ts';

/** What is asked of a resize or cold migration and how it goes. */
export interface ResizeOptions {
  /** The new flavor of a resize; null for a cold migration. */
  readonly flavor?: Flavor | null;
  readonly to?: Host | null;
  /** The destination cannot start it: ERROR, on the destination. */
  readonly fails?: boolean;
  /** The destination's `resize_prep.end` comes after all is done, with the copy of the row from before. */
  readonly latePrepEnd?: boolean;
}

/** A cold migration or a resize, up to where it is to be confirmed or reverted. Its state is then `resized`. */
export function* resize(cloud: Cloud, request: Request, instance: Instance, options: ResizeOptions = {}): Process {
  const source = hostOf(cloud, instance);
  const before = instance.row;
  const flavor = options.flavor ?? before.flavor;
  const kind = options.flavor == null ? 'migration' : 'resize';
  const migration = recordMigration(cloud, request, kind, instance, source, flavor);
  cloud.allocations.transfer(before.uuid, migration.uuid);
  const asked = cloud.save(request, instance, { taskState: 'resize_prep' });
  yield 400;
  const ask: Ask = {
    instance,
    flavor,
    exclude: [source],
    ignoreHosts: [source.name],
    target: options.to ?? null,
    move: true,
  };
  const destination = yield* schedule(cloud, request, ask);
  if (destination === null) {
    yield 130;
    cloud.allocations.transfer(migration.uuid, before.uuid);
    setStatus(cloud, migration, 'error');
    cloud.save(request, instance, { taskState: null });
    yield 10;
    notifyTaskError(cloud, request, 'migrate_server', ask, NO_VALID_HOST);
    return;
  }
  migration.destination = destination;
  setStatus(cloud, migration, 'pre-migrating');
  yield 100;
  cloud.notify(request, 'exists', destination.name, asked);
  yield 5;
  cloud.notify(request, 'resize_prep.start', destination.name, asked, { newFlavor: flavor });
  yield 100;
  const prepared = cloud.save(request, instance, {});
  if (options.latePrepEnd === true) cloud.begin(latePrepEnd(cloud, request, destination, prepared, flavor));
  yield 240;
  if (options.latePrepEnd !== true) {
    cloud.notify(request, 'resize_prep.end', destination.name, prepared, { newFlavor: flavor });
  }
  yield 200;
  setStatus(cloud, migration, 'migrating');
  yield* moveDisk(cloud, request, migration, destination);
  yield* finish(cloud, request, migration, destination, options.fails === true);
}

function* latePrepEnd(cloud: Cloud, request: Request, host: Host, row: InstanceRow, newFlavor: Flavor): Process {
  yield 4000;
  cloud.notify(request, 'resize_prep.end', host.name, row, { newFlavor });
}

function* moveDisk(cloud: Cloud, request: Request, migration: Migration, destination: Host): Process {
  const { instance, source } = migration;
  const migrating = cloud.save(request, instance, { taskState: 'resize_migrating' });
  yield 25;
  cloud.notify(request, 'resize.start', source.name, migrating);
  yield 110;
  const migrated = cloud.save(request, instance, { ...placedOn(cloud, destination), taskState: 'resize_migrated' });
  setStatus(cloud, migration, 'post-migrating');
  yield 25;
  cloud.notify(request, 'resize.end', source.name, migrated);
  yield 330;
}

function* finish(cloud: Cloud, request: Request, migration: Migration, destination: Host, fails: boolean): Process {
  const { instance, newFlavor } = migration;
  const finishing = cloud.save(request, instance, { flavor: newFlavor, taskState: 'resize_finish' });
  yield 15;
  cloud.notify(request, 'resize_finish.start', destination.name, finishing);
  yield 85;
  if (fails) {
    cloud.save(request, instance, { state: 'error' });
    setStatus(cloud, migration, 'error');
    setFault(cloud, instance, FAULTS.finishMigration);
    yield 160;
    cloud.save(request, instance, { taskState: null });
    cloud.allocations.release(migration.uuid);
    yield 20;
    notifyException(cloud, request, destination.name, FAULTS.finishMigration);
    return;
  }
  const resized = cloud.save(request, instance, { state: 'resized', taskState: null, launchedAt: cloud.second });
  setStatus(cloud, migration, 'finished');
  yield 20;
  cloud.notify(request, 'resize_finish.end', destination.name, resized);
}

/** The source lets go; what it says of the instance is right, though the instance is not there. */
export function* confirmResize(cloud: Cloud, request: Request, instance: Instance): Process {
  const migration = pendingResize(instance);
  const { source } = migration;
  const row = cloud.read(instance);
  setStatus(cloud, migration, 'confirming');
  yield 200;
  cloud.notify(request, 'resize_confirm.start', source.name, row);
  yield 340;
  const confirmed = cloud.save(request, instance, { state: settledState(row) });
  cloud.allocations.release(migration.uuid);
  setStatus(cloud, migration, 'confirmed');
  yield 15;
  cloud.notify(request, 'resize_confirm.end', source.name, confirmed);
  yield 160;
  cloud.save(request, instance, {});
}

/** Back to the source and the old flavor. */
export function* revertResize(cloud: Cloud, request: Request, instance: Instance): Process {
  const migration = pendingResize(instance);
  const { source, destination, oldFlavor } = migration;
  const reverting = cloud.save(request, instance, { taskState: 'resize_reverting' });
  setStatus(cloud, migration, 'reverting');
  yield 40;
  cloud.notify(request, 'exists', destination?.name ?? source.name, reverting);
  yield 500;
  cloud.notify(request, 'resize_revert.start', source.name, reverting);
  yield 110;
  cloud.save(request, instance, { ...placedOn(cloud, source), flavor: oldFlavor });
  cloud.allocations.release(instance.row.uuid);
  cloud.allocations.transfer(migration.uuid, instance.row.uuid);
  yield 500;
  cloud.save(request, instance, { launchedAt: cloud.second });
  yield 60;
  const reverted = cloud.save(request, instance, { state: settledState(instance.row), taskState: null });
  setStatus(cloud, migration, 'reverted');
  yield 8;
  cloud.notify(request, 'resize_revert.end', source.name, reverted);
  yield 50;
  cloud.save(request, instance, {});
}

function pendingResize(instance: Instance): Migration {
  if (instance.migration === null) throw new Error(`instance ${instance.row.uuid} has no resize to confirm or revert`);
  return instance.migration;
}

/** A server that was stopped when it was resized stays so. */
function settledState(row: InstanceRow): string {
  return row.powerState === 'shutdown' ? 'stopped' : 'active';
}
