import { isoMicros } from '../../clock/time.ts';
import { abortLiveMigration, forceComplete } from '../../operations/live-migration.ts';
import type { Migration } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, notFound } from '../errors.ts';
import { afterMarker, collection, pageOf } from '../paging.ts';
import type { Route } from '../routes.ts';
import { findServer } from './servers.ts';

/** `/os-migrations` and `/servers/{id}/migrations` */
export const MIGRATION_ROUTES: readonly Route[] = [
  ['GET', '/os-migrations', list],
  ['GET', '/servers/:id/migrations', listInProgress],
  ['GET', '/servers/:id/migrations/:migration', (call) => ({ migration: progressView(call, findInProgress(call)) })],
  ['DELETE', '/servers/:id/migrations/:migration', abort],
  ['POST', '/servers/:id/migrations/:migration/action', force],
];

const IN_PROGRESS: ReadonlySet<string> = new Set(['queued', 'preparing', 'running', 'post-migrating']);

/** GET /os-migrations: newest first, all kinds. */
function list(call: Call): object {
  const { query, version } = call;
  const filters: ((migration: Migration) => boolean)[] = [];
  const text = (name: string, of: (migration: Migration) => string): void => {
    const asked = query.get(name);
    if (asked !== null) filters.push((migration) => of(migration) === asked);
  };
  text('status', ({ status }) => status);
  text('instance_uuid', ({ instance }) => instance.row.uuid);
  text('migration_type', ({ type }) => type);
  text('source_compute', ({ source }) => source.name);
  const host = query.get('host');
  if (host !== null) filters.push(({ source, destination }) => source.name === host || destination?.name === host);
  const since = query.get('changes-since');
  if (since !== null && version >= 59) {
    const time = Date.parse(since) * 1000;
    if (Number.isNaN(time)) throw badRequest(`Invalid input for query parameters changes-since. Value: ${since}.`);
    filters.push(({ updatedAt }) => updatedAt !== null && updatedAt >= time);
  }
  // nova finds the marker among all: by the time of the next page it may have another status than the one asked for.
  const rest = afterMarker([...call.cloud.migrations.all()].reverse(), query, ({ uuid }) => uuid);
  const matching = rest.filter((migration) => filters.every((filter) => filter(migration)));
  const page = pageOf(matching, query, `${call.api.url()}/compute/v2.1/os-migrations`, ({ uuid }) => uuid);
  return collection('migrations', version >= 59 ? page : { ...page, next: null }, (one) => view(call, one));
}

function view(call: Call, migration: Migration): object {
  const { version } = call;
  const { instance, source, destination } = migration;
  const inProgress = migration.type === 'live-migration' && IN_PROGRESS.has(migration.status);
  const path = `servers/${instance.row.uuid}/migrations/${migration.id}`;
  const links = ['v2.1/', ''].map((prefix, i) => ({
    rel: i === 0 ? 'self' : 'bookmark',
    href: `${call.api.url()}/compute/${prefix}${path}`,
  }));
  return {
    id: migration.id,
    ...(version >= 59 ? { uuid: migration.uuid } : {}),
    instance_uuid: instance.row.uuid,
    status: migration.status,
    ...(version >= 23 ? { migration_type: migration.type } : {}),
    source_compute: source.name,
    source_node: source.node,
    dest_compute: destination?.name ?? null,
    dest_host: destination?.ip ?? null,
    dest_node: destination?.node ?? null,
    old_instance_type_id: Number(migration.oldFlavor.flavorid),
    new_instance_type_id: Number(migration.newFlavor.flavorid),
    ...(version >= 80 ? { user_id: migration.actor.userId, project_id: migration.actor.projectId } : {}),
    created_at: isoMicros(migration.createdAt),
    updated_at: migration.updatedAt === null ? null : isoMicros(migration.updatedAt),
    ...(version >= 23 && inProgress ? { links } : {}),
  };
}

function listInProgress(call: Call): object {
  const { migration } = findServer(call);
  const found = migration !== null && isInProgress(migration) ? [migration] : [];
  return { migrations: found.map((one) => progressView(call, one)) };
}

function isInProgress(migration: Migration): boolean {
  return migration.type === 'live-migration' && IN_PROGRESS.has(migration.status);
}

function findInProgress(call: Call): Migration {
  const instance = findServer(call);
  const id = Number(call.params.migration);
  const migration = call.cloud.migrations.get(id);
  if (migration === undefined || migration.instance !== instance || !isInProgress(migration)) {
    throw notFound(`In-progress live migration ${call.params.migration} is not found for server ${instance.row.uuid}.`);
  }
  return migration;
}

function progressView(call: Call, migration: Migration): object {
  // Nothing is known of the memory before it is copied.
  const total = migration.status === 'running' ? migration.newFlavor.memoryMb * 2 ** 20 : null;
  const { source, destination, instance } = migration;
  return {
    created_at: isoMicros(migration.createdAt),
    dest_compute: destination?.name ?? null,
    dest_host: destination?.ip ?? null,
    dest_node: destination?.node ?? null,
    disk_processed_bytes: total === null ? null : 0,
    disk_remaining_bytes: total === null ? null : 0,
    disk_total_bytes: total === null ? null : 0,
    id: migration.id,
    memory_processed_bytes: total === null ? null : 0,
    memory_remaining_bytes: total,
    memory_total_bytes: total,
    server_uuid: instance.row.uuid,
    source_compute: source.name,
    source_node: source.node,
    status: migration.status,
    updated_at: migration.updatedAt === null ? null : isoMicros(migration.updatedAt),
    ...(call.version >= 59 ? { uuid: migration.uuid } : {}),
    ...(call.version >= 80 ? { user_id: migration.actor.userId, project_id: migration.actor.projectId } : {}),
  };
}

function abort(call: Call): null {
  const migration = findInProgress(call);
  call.cloud.begin(abortLiveMigration(call.cloud, call.request, migration));
  void call.reply.status(202);
  return null;
}

function force(call: Call): null {
  const migration = findInProgress(call);
  if (migration.status !== 'running') {
    throw badRequest(
      `Migration ${migration.id} state of instance ${migration.instance.row.uuid} is ${migration.status}.`,
    );
  }
  call.cloud.begin(forceComplete(call.cloud, call.request, migration));
  void call.reply.status(202);
  return null;
}
