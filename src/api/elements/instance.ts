import { type TSchema, Type } from 'typebox';
import type { Value } from '../../../model/fact.ts';
import type { Instance } from '../../../model/instance.ts';
import { REGISTER } from '../../../model/registers.ts';
import { shownZone } from '../../../model/zone.ts';
import {
  type Field,
  type Fields,
  flagOrNull,
  objectOrNull,
  record,
  recordOrNull,
  text,
  textOrNull,
  texts,
  textsOrNull,
} from './field.ts';
import { isoTime } from './time.ts';

const count = (description: string): TSchema => Type.Integer({ description });

const FLAVOR = objectOrNull(
  {
    name: text('Name of the flavor, as it was when the instance got it.'),
    vcpus: count('Virtual CPUs.'),
    memory_mb: count('Memory, MiB.'),
    root_gb: count('Root disk, GiB; not taken from the host when the instance boots from a volume.'),
    ephemeral_gb: count('Ephemeral disk, GiB.'),
    swap_mb: count('Swap, MiB.'),
    extra_specs: record('Extra specs.'),
  },
  'What the instance was promised.',
);

const FAULT = objectOrNull(
  {
    exception: textOrNull('Class of the exception.'),
    message: textOrNull('Its message.'),
    at: text('When nova reported it, ISO 8601.'),
  },
  'The last failure nova reported, while the instance is in state error; null otherwise.',
);

const CONSTRAINTS = objectOrNull(
  {
    scheduler_hints: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), { description: 'Always lists.' }),
    ),
    image_properties: Type.Optional(record('Properties of the image.')),
    pinned_zone: Type.Optional(textOrNull('Availability zone that was asked for.')),
  },
  'What the instance was asked to be placed by, as far as nova tells; read by API alone.',
  [],
);

const MIGRATION = objectOrNull(
  {
    uuid: textOrNull('Uuid of the migration.'),
    id: count('Its number.'),
    type: text('live-migration, migration, resize or evacuation.'),
    status: text('nova’s status.'),
    source_host: textOrNull('From this host.'),
    source_node: textOrNull('And this node.'),
    dest_host: textOrNull('To this host.'),
    dest_node: textOrNull('And this node.'),
  },
  'The migration that was under way when nova was last asked; read by API alone.',
);

/** An instance, flat and in nova's words. What nobody told yet is null. */
export const INSTANCE_FIELDS: Fields<Instance> = [
  { name: 'uuid', schema: text('nova’s id.'), sortable: true, registers: [], of: (it) => it.uuid },
  identity('name', 'Display name.'),
  place('host', 'The nova-compute it is on; null while it is on none.'),
  place('node', 'The hypervisor node of that host.'),
  state('state', 'vm_state', 'nova’s vm_state.'),
  state('task_state', 'task_state', 'What nova is doing with it; null when nothing.'),
  {
    name: 'power_state',
    schema: textOrNull('What the hypervisor says.'),
    sortable: true,
    registers: [REGISTER.power],
    of: (it) => it.power,
  },
  identity('project_id', 'Whose it is.'),
  identity('user_id', 'Who made it.'),
  identity('hostname', 'Host name inside of the guest.'),
  {
    name: 'domain',
    schema: textOrNull('What its hypervisor calls it; read by API alone.'),
    registers: [REGISTER.domain],
    of: (it) => it.domain,
  },
  { name: 'flavor', schema: FLAVOR, registers: [REGISTER.flavor], of: (it) => it.flavor },
  identity('image_id', 'Image it was made from; null when it boots from a volume.'),
  {
    name: 'az',
    schema: text('Availability zone: that of its host’s aggregates, else the one noted, else "nova".'),
    sortable: true,
    from: (it, model) => shownZone(it.place?.host ?? null, it.zone, model),
  },
  {
    name: 'az_noted',
    schema: textOrNull('Availability zone that nova noted for the instance itself.'),
    registers: [REGISTER.zone],
    of: (it) => it.zone,
  },
  { name: 'metadata', schema: recordOrNull('Metadata.'), registers: [REGISTER.metadata], of: (it) => it.metadata },
  { name: 'tags', schema: textsOrNull('Tags.'), registers: [REGISTER.tags], of: (it) => it.tags },
  {
    name: 'locked',
    schema: flagOrNull('Whether it is locked.'),
    registers: [REGISTER.locked],
    of: (it) => it.locked?.locked ?? null,
  },
  {
    name: 'locked_reason',
    schema: textOrNull('Why it was locked.'),
    registers: [REGISTER.locked],
    of: (it) => it.locked?.reason ?? null,
  },
  {
    name: 'volumes',
    schema: textsOrNull('Ids of attached volumes, sorted.'),
    registers: [REGISTER.volumes, REGISTER.volume],
    of: (it) => it.volumes,
  },
  { name: 'fault', schema: FAULT, registers: [REGISTER.fault, REGISTER.state], of: shownFault },
  {
    name: 'server_groups',
    schema: texts('Uuids of the server groups it is a member of, sorted.'),
    from: (it, model) => [...model.groupsOf(it.uuid)].map(({ uuid }) => uuid).sort(),
  },
  { name: 'migration', schema: MIGRATION, registers: [REGISTER.migration], of: (it) => it.migration },
  { name: 'constraints', schema: CONSTRAINTS, registers: [REGISTER.constraints], of: (it) => it.constraints },
  identity('created_at', 'When it was made, as nova writes it.'),
  identity('launched_at', 'When it first ran, as nova writes it.'),
];

function identity(name: keyof NonNullable<Instance['identity']> & string, description: string): Field<Instance> {
  return {
    name,
    schema: textOrNull(description),
    sortable: true,
    registers: [REGISTER.identity],
    of: (it) => it.identity?.[name] ?? null,
  };
}

function place(name: 'host' | 'node', description: string): Field<Instance> {
  return {
    name,
    schema: textOrNull(description),
    sortable: true,
    registers: [REGISTER.place],
    of: (it) => it.place?.[name] ?? null,
  };
}

function state(name: string, key: 'vm_state' | 'task_state', description: string): Field<Instance> {
  return {
    name,
    schema: textOrNull(description),
    sortable: true,
    registers: [REGISTER.state],
    of: (it) => it.state?.[key] ?? null,
  };
}

function shownFault(instance: Instance): Value {
  if (instance.fault === null || instance.state?.vm_state !== 'error') return null;
  const { exception, message, at } = instance.fault;
  return { exception, message, at: isoTime(at) };
}
