import type { Cloud, Process, Request } from '../cloud.ts';
import type { Host, Instance, Migration } from '../state/types.ts';
import { FAULTS, notifyException, setFault } from './faults.ts';
import { hostOf, placedOn, recordMigration, setStatus } from './migration.ts';
import { powerOff } from './power.ts';
import { type Ask, NO_VALID_HOST, notifyTaskError, schedule } from './scheduling.ts';

/** How an evacuation is asked for and whether it succeeds. */
export interface EvacuateOptions {
  readonly to?: Host | null;
  /** API 2.95 and later leave the server stopped. */
  readonly stop?: boolean;
  readonly fails?: boolean;
}

/**
 * A rebuild on another host, since its own is dead. Up to and with `rebuild.end` everything names the DEAD host; only the
 * publisher and the `instance.update` after it know better.
 */
export function* evacuate(cloud: Cloud, request: Request, instance: Instance, options: EvacuateOptions = {}): Process {
  const dead = hostOf(cloud, instance);
  const migration = recordMigration(cloud, request, 'evacuation', instance, dead);
  const asked = cloud.save(request, instance, { taskState: 'rebuilding' });
  yield 20;
  cloud.notifyAs(request, 'evacuate', `nova-api:${cloud.controller()}`, asked);
  yield 110;
  const ask: Ask = {
    instance,
    flavor: asked.flavor,
    exclude: [dead],
    ignoreHosts: [dead.name],
    target: options.to ?? null,
    move: true,
  };
  const destination = yield* schedule(cloud, request, ask);
  if (destination === null) {
    setStatus(cloud, migration, 'error');
    yield 120;
    setFault(cloud, instance, NO_VALID_HOST);
    cloud.save(request, instance, { state: 'error', taskState: null });
    yield 10;
    notifyTaskError(cloud, request, 'rebuild_server', ask, NO_VALID_HOST);
    return;
  }
  migration.destination = destination;
  setStatus(cloud, migration, 'accepted');
  yield 8;
  cloud.notifyAs(request, 'rebuild_scheduled', `nova-conductor:${destination.name}`, asked);
  yield 90;
  const accepted = cloud.save(request, instance, {});
  setStatus(cloud, migration, 'pre-migrating');
  yield 65;
  cloud.notify(request, 'exists', destination.name, accepted);
  yield 3;
  cloud.notify(request, 'rebuild.start', destination.name, accepted);
  yield 22;
  const rebuilding = cloud.save(request, instance, { powerState: 'pending' });
  if (options.fails === true) {
    yield 210;
    cloud.notify(request, 'rebuild.error', destination.name, rebuilding, { fault: FAULTS.rebuild });
    yield* giveUp(cloud, request, migration, destination);
    return;
  }
  yield* rebuildThere(cloud, request, migration, destination, options.stop === true || asked.powerState === 'shutdown');
}

function* rebuildThere(cloud: Cloud, request: Request, migration: Migration, to: Host, stop: boolean): Process {
  const { instance } = migration;
  yield 275;
  cloud.save(request, instance, { taskState: 'rebuild_block_device_mapping' });
  yield 50;
  cloud.save(request, instance, { taskState: 'rebuild_spawning' });
  yield 85;
  let row = cloud.save(request, instance, {
    state: 'active',
    taskState: null,
    powerState: 'running',
    launchedAt: cloud.second,
  });
  if (stop) {
    yield 95;
    row = yield* powerOff(cloud, request, instance, to);
    yield 25;
  } else {
    yield 12;
  }
  cloud.notify(request, 'rebuild.end', to.name, row);
  yield 50;
  cloud.save(request, instance, placedOn(cloud, to));
  setStatus(cloud, migration, 'done');
}

function* giveUp(cloud: Cloud, request: Request, migration: Migration, destination: Host): Process {
  const { instance } = migration;
  yield 50;
  setFault(cloud, instance, FAULTS.rebuild);
  cloud.save(request, instance, { state: 'error' });
  setStatus(cloud, migration, 'failed');
  cloud.allocations.release(instance.row.uuid, destination);
  yield 70;
  cloud.save(request, instance, { taskState: null });
  yield 15;
  notifyException(cloud, request, destination.name, FAULTS.rebuild);
}
