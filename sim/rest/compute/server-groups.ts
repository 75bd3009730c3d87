import { createGroup, deleteGroup } from '../../operations/server-group.ts';
import type { ServerGroup } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, notFound } from '../errors.ts';
import { objectOf, textOf } from '../input.ts';
import type { Route } from '../routes.ts';

/** `/os-server-groups` */
export const SERVER_GROUP_ROUTES: readonly Route[] = [
  ['GET', '/os-server-groups', list],
  ['GET', '/os-server-groups/:id', (call) => ({ server_group: view(call, find(call)) })],
  ['POST', '/os-server-groups', create],
  ['DELETE', '/os-server-groups/:id', remove],
];

/** Members that are deleted are not shown. */
function view(call: Call, group: ServerGroup): object {
  const { version } = call;
  const { instances } = call.cloud;
  const exists = (uuid: string): boolean => instances.get(uuid)?.row.deletedAt === null;
  return {
    id: group.uuid,
    name: group.name,
    ...(version >= 64
      ? { policy: group.policy, rules: group.rules }
      : { policies: version >= 15 || !group.policy.startsWith('soft-') ? [group.policy] : [], metadata: {} }),
    members: group.members.filter(exists),
    ...(version >= 13 ? { project_id: group.actor.projectId, user_id: group.actor.userId } : {}),
  };
}

function list(call: Call): object {
  const { query } = call;
  const all = query.has('all_projects') && call.isAdmin;
  const mine = [...call.cloud.groups.values()].filter(({ actor }) => all || actor.projectId === call.actor.projectId);
  const [offset, limit] = ['offset', 'limit'].map((name) => {
    const text = query.get(name);
    if (text !== null && !/^\d{1,9}$/.test(text))
      throw badRequest(`Invalid input for query parameters ${name}: ${text}`);
    return text === null ? undefined : Number(text);
  });
  const page = mine.slice(offset ?? 0).slice(0, Math.min(limit ?? 1000, 1000));
  return { server_groups: page.map((group) => view(call, group)) };
}

function find(call: Call): ServerGroup {
  const id = call.params.id ?? '';
  const group = call.cloud.groups.get(id);
  if (group === undefined || !(call.isAdmin || group.actor.projectId === call.actor.projectId)) {
    throw notFound(`Instance group ${id} could not be found.`);
  }
  return group;
}

const POLICIES: readonly ServerGroup['policy'][] = ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'];

function create(call: Call): object {
  const fields = objectOf(objectOf(call.body, 'body').server_group, 'server_group');
  const asked = call.version >= 64 ? fields.policy : Array.isArray(fields.policies) ? fields.policies[0] : undefined;
  const policy = POLICIES.find((one) => one === asked);
  if (policy === undefined) throw badRequest(`Invalid input for field/attribute policy. Value: ${String(asked)}.`);
  const limit = objectOf(fields.rules ?? {}, 'rules').max_server_per_host;
  const rules = limit === undefined ? {} : { max_server_per_host: Number(limit) };
  const group = createGroup(call.cloud, call.request, call.actor, textOf(fields, 'name'), policy, rules);
  return { server_group: view(call, group) };
}

function remove(call: Call): null {
  deleteGroup(call.cloud, call.request, find(call));
  void call.reply.status(204);
  return null;
}
