import type { Cloud, Process, Request } from '../cloud.ts';
import type { Image, Instance } from '../state/types.ts';
import { hostOf } from './migration.ts';

/** A rebuild in place, with a new image and perhaps a new name. */
export function* rebuild(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  image: Image | null,
  displayName: string = instance.row.displayName,
): Process {
  const { name } = hostOf(cloud, instance);
  const stopped = instance.row.state === 'stopped';
  const asked = cloud.save(request, instance, {
    taskState: 'rebuilding',
    displayName,
    image: instance.row.image === null ? null : image,
  });
  yield 42;
  cloud.notifyAs(request, 'rebuild_scheduled', `nova-conductor:${name}`, asked);
  yield 43;
  cloud.notify(request, 'exists', name, asked);
  yield 3;
  cloud.notify(request, 'rebuild.start', name, asked);
  yield 38;
  cloud.save(request, instance, {});
  yield 94;
  cloud.save(request, instance, { taskState: 'rebuild_block_device_mapping' });
  yield 69;
  cloud.save(request, instance, { taskState: 'rebuild_spawning' });
  yield 20;
  const rebuilt = cloud.save(request, instance, {
    state: stopped ? 'stopped' : 'active',
    taskState: null,
    powerState: stopped ? 'shutdown' : 'running',
    launchedAt: cloud.second,
  });
  yield 8;
  cloud.notify(request, 'rebuild.end', name, rebuilt);
  yield 34;
  cloud.save(request, instance, {});
}
