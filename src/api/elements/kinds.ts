import type { ElementKind } from '../../../model/element.ts';
import type { Aggregate, ServerGroup } from '../../../model/grouping.ts';
import type { Host } from '../../../model/host.ts';
import type { Instance } from '../../../model/instance.ts';
import type { Entity, LiveModel } from '../../../model/live-model.ts';
import { AGGREGATE_FIELDS } from './aggregate.ts';
import type { Fields } from './field.ts';
import { HOST_FIELDS } from './host.ts';
import { INSTANCE_FIELDS } from './instance.ts';
import { SERVER_GROUP_FIELDS } from './server-group.ts';

/** How a kind of element is found and shown. */
export interface Kind<E extends Entity> {
  readonly kind: ElementKind;
  /** Its name in the description of the API. */
  readonly title: string;
  readonly fields: Fields<E>;
  /** The name of a list of them in answers. */
  readonly plural: string;
  readonly all: (model: LiveModel) => Iterable<E>;
  readonly find: (model: LiveModel, id: string) => E | undefined;
}

export const HOST: Kind<Host> = {
  kind: 'host',
  title: 'Host',
  fields: HOST_FIELDS,
  plural: 'hosts',
  all: (model) => model.hosts(),
  find: (model, name) => model.host(name),
};

export const INSTANCE: Kind<Instance> = {
  kind: 'instance',
  title: 'Instance',
  fields: INSTANCE_FIELDS,
  plural: 'instances',
  all: (model) => model.instances(),
  find: (model, uuid) => model.instance(uuid),
};

export const AGGREGATE: Kind<Aggregate> = {
  kind: 'aggregate',
  title: 'Aggregate',
  fields: AGGREGATE_FIELDS,
  plural: 'aggregates',
  all: (model) => model.aggregates(),
  find: (model, uuid) => model.aggregate(uuid),
};

export const SERVER_GROUP: Kind<ServerGroup> = {
  kind: 'server_group',
  title: 'ServerGroup',
  fields: SERVER_GROUP_FIELDS,
  plural: 'server_groups',
  all: (model) => model.serverGroups(),
  find: (model, uuid) => model.serverGroup(uuid),
};
