import { isoMicros } from '../../clock/time.ts';
import type { Process } from '../../cloud.ts';
import {
  addHost,
  createAggregate,
  deleteAggregate,
  newAggregate,
  removeHost,
  renameAggregate,
  updateMetadata,
} from '../../operations/aggregate.ts';
import type { Aggregate, Host } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, conflict, forbidden, notFound } from '../errors.ts';
import { objectOf, optionalTextOf, textOf } from '../input.ts';
import type { Route } from '../routes.ts';

/** `/os-aggregates` */
export const AGGREGATE_ROUTES: readonly Route[] = [
  ['GET', '/os-aggregates', (call) => ({ aggregates: call.cloud.aggregates.all().map((one) => view(call, one)) })],
  ['GET', '/os-aggregates/:id', (call) => ({ aggregate: view(call, find(call)) })],
  ['POST', '/os-aggregates', create],
  ['PUT', '/os-aggregates/:id', update],
  ['DELETE', '/os-aggregates/:id', remove],
  ['POST', '/os-aggregates/:id/action', act],
];

function view(call: Call, aggregate: Aggregate): object {
  const { availability_zone: zone = null, ...metadata } = aggregate.metadata;
  return {
    id: aggregate.id,
    ...(call.version >= 41 ? { uuid: aggregate.uuid } : {}),
    name: aggregate.name,
    availability_zone: zone,
    hosts: aggregate.hosts,
    metadata: zone === null ? metadata : { ...metadata, availability_zone: zone },
    created_at: isoMicros(aggregate.createdAt),
    updated_at: aggregate.updatedAt === null ? null : isoMicros(aggregate.updatedAt),
    deleted: false,
    deleted_at: null,
  };
}

function find(call: Call): Aggregate {
  const id = call.params.id ?? '';
  if (!/^\d+$/.test(id)) throw badRequest(`Invalid id: ${id}`);
  const aggregate = call.cloud.aggregates.get(Number(id));
  if (aggregate === undefined) throw notFound(`Aggregate ${id} could not be found.`);
  return aggregate;
}

/** The API answers when the aggregate is changed, so all of it is done in no time. */
function perform(call: Call, process: Process): void {
  if (!call.isAdmin) throw forbidden("Policy doesn't allow os_compute_api:os-aggregates to be performed.");
  while (process.next().done !== true);
}

function create(call: Call): object {
  const fields = objectOf(objectOf(call.body, 'body').aggregate, 'aggregate');
  const name = textOf(fields, 'name');
  if (call.cloud.aggregates.all().some((one) => one.name === name)) throw conflict(`Aggregate ${name} already exists.`);
  const zone = optionalTextOf(fields, 'availability_zone');
  const aggregate = newAggregate(call.cloud, name, zone === null ? {} : { availability_zone: zone });
  perform(call, createAggregate(call.cloud, call.request, aggregate));
  const { hosts: _hosts, metadata: _metadata, ...brief } = view(call, aggregate) as Record<string, unknown>;
  return { aggregate: brief };
}

function update(call: Call): object {
  const aggregate = find(call);
  const fields = objectOf(objectOf(call.body, 'body').aggregate, 'aggregate');
  const name = optionalTextOf(fields, 'name');
  const zone = optionalTextOf(fields, 'availability_zone');
  if (name !== null) perform(call, renameAggregate(call.cloud, call.request, aggregate, name));
  if (zone !== null) perform(call, updateMetadata(call.cloud, call.request, aggregate, { availability_zone: zone }));
  return { aggregate: view(call, aggregate) };
}

function remove(call: Call): null {
  const aggregate = find(call);
  if (aggregate.hosts.length > 0) {
    throw badRequest(`Cannot delete aggregate ${aggregate.id}. Reason: Host aggregate is not empty.`);
  }
  perform(call, deleteAggregate(call.cloud, call.request, aggregate));
  return null;
}

function act(call: Call): object {
  const aggregate = find(call);
  const { cloud, request } = call;
  const body = objectOf(call.body, 'body');
  if (body.add_host !== undefined) {
    const host = hostIn(call, body.add_host);
    if (aggregate.hosts.includes(host.name)) {
      throw conflict(`Aggregate ${aggregate.id} already has host ${host.name}.`);
    }
    perform(call, addHost(cloud, request, aggregate, host));
  } else if (body.remove_host !== undefined) {
    const host = hostIn(call, body.remove_host);
    if (!aggregate.hosts.includes(host.name)) {
      throw notFound(`Cannot remove host ${host.name} in aggregate ${aggregate.id}`);
    }
    perform(call, removeHost(cloud, request, aggregate, host));
  } else if (body.set_metadata !== undefined) {
    const metadata = objectOf(objectOf(body.set_metadata, 'set_metadata').metadata, 'metadata');
    const changes = Object.keys(metadata).map((key) => [key, optionalTextOf(metadata, key)]);
    perform(call, updateMetadata(cloud, request, aggregate, Object.fromEntries(changes)));
  } else {
    throw badRequest(`There is no such action: ${Object.keys(body).join()}`);
  }
  return { aggregate: view(call, aggregate) };
}

function hostIn(call: Call, fields: unknown): Host {
  const name = textOf(objectOf(fields, 'action'), 'host');
  const host = call.cloud.hosts.get(name);
  if (host === undefined) throw notFound(`Compute host ${name} could not be found.`);
  return host;
}
