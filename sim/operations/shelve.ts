import type { Cloud, Process, Request } from '../cloud.ts';
import type { Host, Instance } from '../state/types.ts';
import { hostOf, placedOn } from './migration.ts';
import { type Ask, schedule } from './scheduling.ts';

/** Shelves and, as nova does by default, offloads at once: afterwards the instance is on no host. */
export function* shelve(cloud: Cloud, request: Request, instance: Instance): Process {
  const { name } = hostOf(cloud, instance);
  const asked = cloud.save(request, instance, { taskState: 'shelving' });
  yield 140;
  cloud.notify(request, 'exists', name, asked);
  yield 3;
  cloud.notify(request, 'shelve.start', name, asked);
  yield 70;
  cloud.save(request, instance, { taskState: 'shelving_image_uploading' });
  yield 65;
  const shelved = cloud.save(request, instance, {
    state: 'shelved',
    taskState: 'shelving_offloading',
    powerState: 'shutdown',
  });
  yield 8;
  cloud.notify(request, 'shelve.end', name, shelved);
  yield 3;
  cloud.notify(request, 'shelve_offload.start', name, shelved);
  yield 218;
  cloud.save(request, instance, { state: 'shelved_offloaded', taskState: null });
  yield 95;
  cloud.allocations.release(shelved.uuid);
  const offloaded = cloud.save(request, instance, { host: null, node: null });
  yield 5;
  cloud.notify(request, 'shelve_offload.end', name, offloaded);
}

/** Back to life, on any host. */
export function* unshelve(cloud: Cloud, request: Request, instance: Instance, to: Host | null = null): Process {
  const asked = cloud.save(request, instance, { taskState: 'unshelving' });
  yield 450;
  const ask: Ask = { instance, flavor: asked.flavor, target: to, move: true };
  const host = yield* schedule(cloud, request, ask);
  if (host === null) {
    yield 100;
    cloud.save(request, instance, { taskState: null });
    return;
  }
  yield 130;
  cloud.notify(request, 'unshelve.start', host.name, asked);
  yield 110;
  cloud.save(request, instance, { taskState: 'spawning' });
  yield 200;
  cloud.save(request, instance, placedOn(cloud, host));
  yield 2000;
  const active = cloud.save(request, instance, {
    state: 'active',
    taskState: null,
    powerState: 'running',
    launchedAt: cloud.second,
  });
  yield 45;
  cloud.notify(request, 'unshelve.end', host.name, active);
}
