import type { Cloud, Process } from '../cloud.ts';
import { hasEnded } from '../state/migrations.ts';
import type { Host, Instance } from '../state/types.ts';
import { evacuate } from './evacuate.ts';
import { setStatus } from './migration.ts';
import { changeService } from './service.ts';

/** What nova lets be evacuated. */
const EVACUABLE: ReadonlySet<string> = new Set(['active', 'stopped', 'error']);

/** nova-compute dies with its machine, without a word. What was under way there is let end before. */
export function* die(cloud: Cloud, host: Host): Process {
  host.draining = true;
  while (isInvolved(cloud, host)) yield 500;
  host.draining = false;
  host.alive = false;
  host.aliveSince = cloud.now;
}

/** nova-compute comes back: it drops the guests that were evacuated meanwhile. No notification tells. */
export function comeBack(cloud: Cloud, host: Host): void {
  host.alive = true;
  host.aliveSince = cloud.now;
  for (const migration of cloud.migrations.all()) {
    if (migration.type !== 'evacuation' || migration.source !== host || migration.status !== 'done') continue;
    cloud.allocations.release(migration.instance.row.uuid, host);
    setStatus(cloud, migration, 'completed');
  }
}

/** An operation is under way that one of the host's allocations belongs to. */
function isInvolved(cloud: Cloud, host: Host): boolean {
  for (const { consumer } of cloud.allocations.on(host)) {
    if (cloud.instances.get(consumer)?.busy === true) return true;
  }
  for (const instance of cloud.instances.onHost(host.name)) if (instance.busy) return true;
  for (const migration of cloud.migrations.all()) {
    if (hasEnded(migration) || !migration.instance.busy) continue;
    if (migration.source === host || migration.destination === host) return true;
  }
  return false;
}

/**
 * A machine fails, an operator declares it down and evacuates what nova lets be evacuated, and after a while it returns.
 * Of what is left on it (paused, suspended ...) nothing is known until then.
 */
export function* hostFailure(cloud: Cloud, host: Host): Process {
  yield* die(cloud, host);
  yield 90_000;
  changeService(cloud, cloud.request(cloud.fabric.admin), host, { forcedDown: true });
  for (const instance of [...cloud.instances.onHost(host.name)]) {
    yield 800;
    if (!isEvacuable(instance, host)) continue;
    const options = { stop: cloud.random.chance(0.5), fails: cloud.random.chance(cloud.options.failures) };
    cloud.begin(evacuate(cloud, cloud.request(cloud.fabric.admin), instance, options), instance);
  }
  yield 240_000;
  while (isInvolved(cloud, host)) yield 5000;
  comeBack(cloud, host);
  yield 30_000;
  changeService(cloud, cloud.request(cloud.fabric.admin), host, { forcedDown: false });
}

function isEvacuable(instance: Instance, host: Host): boolean {
  return !instance.busy && instance.row.host === host.name && EVACUABLE.has(instance.row.state);
}
