import type { Cloud, Process, Request } from '../cloud.ts';
import type { Instance } from '../state/types.ts';

/** What nova-api changes by itself, on whatever host the instance is. */

/** Locks it for everyone but administrators. */
export function* lock(cloud: Cloud, request: Request, instance: Instance, reason: string | null): Process {
  const row = cloud.save(request, instance, { locked: true, lockedReason: reason });
  yield 41;
  cloud.notifyAs(request, 'lock', `nova-api:${cloud.controller()}`, row);
}

/** Takes the lock away. */
export function* unlock(cloud: Cloud, request: Request, instance: Instance): Process {
  const row = cloud.save(request, instance, { locked: false, lockedReason: null });
  yield 21;
  cloud.notifyAs(request, 'unlock', `nova-api:${cloud.controller()}`, row);
}

/** Replaces all metadata; only an `instance.update` tells it. */
export function setMetadata(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  metadata: Readonly<Record<string, string>>,
): void {
  cloud.save(request, instance, { metadata });
}

/** Changes the display name; the host name stays. */
export function rename(cloud: Cloud, request: Request, instance: Instance, displayName: string): void {
  cloud.save(request, instance, { displayName });
}

/** Tags are rows of their own: neither the instance's row nor its `updated_at` changes. */
export function setTags(cloud: Cloud, request: Request, instance: Instance, tags: readonly string[]): void {
  cloud.instances.replace(instance, { ...instance.row, tags, updatedAt: instance.updatedAt });
  cloud.announceTags(request, instance.row);
}

/** An operator sets the state by hand. */
export function resetState(cloud: Cloud, request: Request, instance: Instance, state: 'active' | 'error'): void {
  cloud.save(request, instance, { state, taskState: null });
}
