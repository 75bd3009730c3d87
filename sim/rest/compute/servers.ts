import { boot, createInstance } from '../../operations/boot.ts';
import { deleteInstance } from '../../operations/delete.ts';
import { rename, setMetadata, setTags } from '../../operations/edit.ts';
import type { Instance } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, conflict, forbidden, notFound } from '../errors.ts';
import { objectOf, optionalTextOf, textOf, textsOf } from '../input.ts';
import { collection, pageOf } from '../paging.ts';
import type { Route } from '../routes.ts';
import { briefServerView, serverView } from './server-view.ts';
import { statusOf } from './status.ts';

/** `/servers` but for actions and migrations. */
export const SERVER_ROUTES: readonly Route[] = [
  ['GET', '/servers', (call) => list(call, '/servers', briefServerView)],
  [
    'GET',
    '/servers/detail',
    (call) => list(call, '/servers/detail', (c, server) => serverView(c, server, 'in a list')),
  ],
  ['GET', '/servers/:id', (call) => ({ server: serverView(call, findServer(call), 'alone') })],
  ['POST', '/servers', create],
  ['PUT', '/servers/:id', update],
  ['DELETE', '/servers/:id', remove],
  ['PUT', '/servers/:id/metadata', replaceMetadata],
  ['POST', '/servers/:id/metadata', mergeMetadata],
  ['PUT', '/servers/:id/tags', replaceTags],
];

/** The server that the path names, deleted ones too for administrators. @throws ApiError 404 */
export function findServer(call: Call): Instance {
  const id = call.params.id ?? '';
  const instance = call.cloud.instances.get(id);
  const gone = instance === undefined || instance.row.deletedAt !== null;
  if (gone || !(call.isAdmin || instance.row.actor.projectId === call.actor.projectId)) {
    throw notFound(`Instance ${id} could not be found.`);
  }
  return instance;
}

/** A server on which something may be begun. @throws ApiError 404, 409 */
export function findIdleServer(call: Call, action: string, states?: readonly string[]): Instance {
  const instance = findServer(call);
  const { row } = instance;
  if (row.locked && !call.isAdmin) throw conflict(`Instance ${row.uuid} is locked`);
  if (instance.busy || row.taskState !== null) {
    throw conflict(`Cannot '${action}' instance ${row.uuid} while it is in task_state ${row.taskState}`);
  }
  if (states !== undefined && !states.includes(row.state)) {
    throw conflict(`Cannot '${action}' instance ${row.uuid} while it is in vm_state ${row.state}`);
  }
  return instance;
}

function list(call: Call, path: string, view: (call: Call, instance: Instance) => object): object {
  const page = pageOf(matching(call), call.query, `${call.api.url()}/compute/v2.1${path}`, ({ row }) => row.uuid);
  return collection('servers', page, (instance) => view(call, instance));
}

type Filter = (instance: Instance) => boolean;

/** What the query asks for, from the newest to the oldest, after the marker. */
function* matching(call: Call): Generator<Instance, void, void> {
  const filters = filtersOf(call);
  const marker = call.query.get('marker');
  let before = Number.POSITIVE_INFINITY;
  if (marker !== null) {
    const last = call.cloud.instances.get(marker);
    if (last === undefined) throw badRequest(`marker [${marker}] not found`);
    before = last.row.number;
  }
  for (const instance of call.cloud.instances.newestBefore(before)) {
    if (filters.every((filter) => filter(instance))) yield instance;
  }
}

function filtersOf(call: Call): Filter[] {
  const { query } = call;
  const filters: Filter[] = [];
  const since = secondOf(query, 'changes-since');
  const before = secondOf(query, 'changes-before');
  if (isTrue(query.get('all_tenants'))) {
    if (!call.isAdmin) {
      throw forbidden("Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.");
    }
  } else {
    filters.push(({ row }) => row.actor.projectId === call.actor.projectId);
  }
  const deleted = query.get('deleted');
  if (deleted !== null) filters.push(({ row }) => (row.deletedAt !== null) === isTrue(deleted));
  else if (since === null && before === null) filters.push(({ row }) => row.deletedAt === null);
  // A row that was never updated has no time to compare.
  if (since !== null) filters.push(({ updatedAt }) => updatedAt !== null && updatedAt >= since);
  if (before !== null) filters.push(({ updatedAt }) => updatedAt !== null && updatedAt <= before);
  const text = (name: string, of: (instance: Instance) => string | null): void => {
    const asked = query.get(name);
    if (asked !== null) filters.push((instance) => of(instance) === asked);
  };
  text('host', ({ row }) => row.host);
  text('node', ({ row }) => row.node);
  text('uuid', ({ row }) => row.uuid);
  text('status', ({ row }) => statusOf(row));
  text('vm_state', ({ row }) => row.state);
  text('project_id', ({ row }) => row.actor.projectId);
  const name = query.get('name');
  if (name !== null) filters.push(({ row }) => row.displayName.includes(name));
  // What the cell that is down holds is left out of everything but plain lists.
  if (since !== null || call.version < 69) filters.push((instance) => !call.api.isInDownCell(instance));
  return filters;
}

function isTrue(text: string | null): boolean {
  return text !== null && ['1', 'true', 'yes', 't', 'y', 'on', ''].includes(text.toLowerCase());
}

function secondOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw badRequest(`Invalid input for query parameters ${name}. Value: ${text}.`);
  return time / 1000;
}

function create(call: Call): object {
  const server = objectOf(objectOf(call.body, 'body').server, 'server');
  const { cloud, actor } = call;
  const flavorRef = textOf(server, 'flavorRef');
  const flavor = cloud.fabric.flavors.find(({ flavorid }) => flavorid === flavorRef);
  if (flavor === undefined) throw badRequest(`Flavor ${flavorRef} could not be found.`);
  const imageRef = optionalTextOf(server, 'imageRef');
  const image = cloud.fabric.images.find(({ id }) => id === imageRef) ?? null;
  if (imageRef !== null && imageRef !== '' && image === null) throw badRequest(`Image ${imageRef} could not be found.`);
  const hints = objectOf(objectOf(call.body, 'body')['os:scheduler_hints'] ?? {}, 'os:scheduler_hints');
  const group = hints.group === undefined ? null : cloud.groups.get(textOf(hints, 'group'));
  if (group === undefined) throw badRequest(`Instance group ${String(hints.group)} could not be found.`);
  const instance = createInstance(cloud, {
    name: textOf(server, 'name'),
    flavor,
    image,
    actor,
    zone: optionalTextOf(server, 'availability_zone'),
    group,
    metadata: server.metadata === undefined ? {} : textsOf(server.metadata, 'metadata'),
  });
  cloud.begin(boot(cloud, call.request, instance), instance);
  void call.reply.status(202);
  const { id, links } = briefServerView(call, instance) as { id: string; links: object[] };
  return {
    server: {
      id,
      links,
      'OS-DCF:diskConfig': 'MANUAL',
      security_groups: [{ name: 'default' }],
      adminPass: 'simulated',
    },
  };
}

function update(call: Call): object {
  const instance = findServer(call);
  const name = textOf(objectOf(objectOf(call.body, 'body').server, 'server'), 'name');
  rename(call.cloud, call.request, instance, name);
  return { server: serverView(call, instance, 'alone') };
}

function remove(call: Call): null {
  const instance = findServer(call);
  if (instance.busy) throw conflict(`Instance ${instance.row.uuid} is busy (${instance.row.taskState})`);
  call.cloud.begin(deleteInstance(call.cloud, call.request, instance), instance);
  void call.reply.status(204);
  return null;
}

function replaceMetadata(call: Call): object {
  const metadata = textsOf(objectOf(call.body, 'body').metadata, 'metadata');
  setMetadata(call.cloud, call.request, findServer(call), metadata);
  return { metadata };
}

function mergeMetadata(call: Call): object {
  const instance = findServer(call);
  const metadata = { ...instance.row.metadata, ...textsOf(objectOf(call.body, 'body').metadata, 'metadata') };
  setMetadata(call.cloud, call.request, instance, metadata);
  return { metadata };
}

function replaceTags(call: Call): object {
  const { tags } = objectOf(call.body, 'body');
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && tag.length <= 60)) {
    throw badRequest('Invalid input for field/attribute tags. It is not a list of strings.');
  }
  setTags(call.cloud, call.request, findServer(call), tags as string[]);
  return { tags };
}
