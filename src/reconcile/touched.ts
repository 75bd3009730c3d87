import type { Instance } from '../../model/instance.ts';
import type { ModelChange } from '../../model/live-model.ts';

/** Hosts of which the claims may have changed with a change of an instance: where it was, is, and moves from and to. */
export function hostsTouchedBy({ kind, before, after }: ModelChange): readonly string[] {
  if (kind !== 'instance') return [];
  const [was, is] = [before as Instance | null, after as Instance | null];
  const sameClaims =
    was !== null &&
    is !== null &&
    was.place === is.place &&
    was.flavor === is.flavor &&
    was.migration === is.migration &&
    was.state?.vm_state === is.state?.vm_state;
  if (sameClaims) return [];
  const hosts = [was, is].flatMap((instance) => [
    instance?.place?.host,
    instance?.migration?.source_host,
    instance?.migration?.dest_host,
  ]);
  return hosts.filter((host): host is string => typeof host === 'string');
}
