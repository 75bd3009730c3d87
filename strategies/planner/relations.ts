import type { View } from '../../model/view.ts';

/**
 * What makes moves bear on each other's rules wherever they go: being moves of one instance, of members of one server group,
 * or of instances that a scheduler hint names. Those that share a key are made one after the other.
 */
export function relationKeys(view: View, uuid: string): ReadonlySet<string> {
  const keys = new Set([uuid]);
  for (const group of view.groupsOf(uuid)) keys.add(group.uuid);
  const hints = view.instance(uuid)?.constraints?.scheduler_hints ?? {};
  for (const hint of [hints.group, hints.same_host, hints.different_host])
    for (const named of hint ?? []) keys.add(named);
  return keys;
}
