import type { Cloud, Request } from '../cloud.ts';
import type { Actor, Instance, ServerGroup } from '../state/types.ts';
import { serverGroupPayload } from '../wire/common.ts';

/** A new group without members. */
export function createGroup(
  cloud: Cloud,
  request: Request,
  actor: Actor,
  name: string,
  policy: ServerGroup['policy'],
  rules: Readonly<Record<string, number>> = {},
): ServerGroup {
  const group: ServerGroup = { uuid: cloud.random.uuid(), name, actor, policy, rules, members: [] };
  cloud.groups.set(group.uuid, group);
  notifyGroup(cloud, request, 'create', group);
  return group;
}

/** Sent before scheduling, whatever becomes of the member. Nothing is sent when a member is deleted. */
export function addMember(cloud: Cloud, request: Request, group: ServerGroup, instance: Instance): void {
  group.members = [...group.members, instance.row.uuid];
  notifyGroup(cloud, request, 'add_member', group);
}

/** Forgets a group; its members stay what and where they are. */
export function deleteGroup(cloud: Cloud, request: Request, group: ServerGroup): void {
  cloud.groups.delete(group.uuid);
  notifyGroup(cloud, request, 'delete', group);
}

function notifyGroup(cloud: Cloud, request: Request, action: string, group: ServerGroup): void {
  const payload = serverGroupPayload({ group, hosts: null });
  cloud.emit(request, `server_group.${action}`, `nova-api:${cloud.controller()}`, payload);
}
