import { Type } from 'typebox';
import type { Host } from '../../../model/host.ts';
import { REGISTER } from '../../../model/registers.ts';
import { type Fields, flag, flagOrNull, objectOrNull, text, textOrNull } from './field.ts';
import { shownZoneOfHost } from './zone.ts';

const SERVICE = objectOrNull(
  {
    uuid: text('Uuid of the row in nova’s services.'),
    disabled: flag('Whether the scheduler leaves it out.'),
    disabled_reason: textOrNull('Why it was disabled.'),
    forced_down: flag('Whether it was declared down by API.'),
  },
  'The nova-compute service; null for a host that only instances name.',
);

const AGGREGATE = Type.Object({ uuid: Type.String(), name: Type.String() }, { additionalProperties: false });

const NODE = Type.Object(
  {
    name: text('Hypervisor host name.'),
    vcpus: Type.Integer({ description: 'CPUs.' }),
    memory_mb: Type.Integer({ description: 'Memory, MiB.' }),
    disk_gb: Type.Integer({ description: 'Disk, GiB.' }),
    hypervisor_type: textOrNull('Type of hypervisor.'),
  },
  { additionalProperties: false },
);

const TOTALS = Type.Object(
  { count: Type.Integer(), vcpus: Type.Integer(), memory_mb: Type.Integer(), disk_gb: Type.Integer() },
  { additionalProperties: false, description: 'How many instances run here, and what they take together.' },
);

/** A host: its service, what it has to give, what runs there. */
export const HOST_FIELDS: Fields<Host> = [
  { name: 'name', schema: text('As nova-compute names itself.'), sortable: true, registers: [], of: (it) => it.name },
  {
    name: 'service',
    schema: SERVICE,
    registers: [REGISTER.service, REGISTER.serviceLife],
    of: ({ service }) =>
      service === null
        ? null
        : {
            uuid: service.uuid,
            disabled: service.disabled,
            disabled_reason: service.disabled_reason,
            forced_down: service.forced_down,
          },
  },
  {
    name: 'up',
    schema: flagOrNull('Whether nova counts the service as up; null while nova was not asked.'),
    registers: [REGISTER.heartbeat],
    of: (it) => it.up,
  },
  {
    name: 'az',
    schema: text('Availability zone: that of its aggregates, else "nova".'),
    sortable: true,
    from: (it, model) => shownZoneOfHost(it.name, model),
  },
  {
    name: 'aggregates',
    schema: Type.Array(AGGREGATE, { description: 'Aggregates it is in, by name.' }),
    from: (it, model) =>
      [...model.aggregatesOf(it.name)]
        .map(({ uuid, name }) => ({ uuid, name }))
        .sort((a, b) => (a.name < b.name || (a.name === b.name && a.uuid < b.uuid) ? -1 : 1)),
  },
  {
    name: 'nodes',
    schema: Type.Array(NODE, { description: 'Hypervisor nodes with what each has to give; one, except with ironic.' }),
    registers: [REGISTER.inventory],
    of: (it) =>
      it.nodes.map(({ name, vcpus, memory_mb, disk_gb, hypervisor_type }) => ({
        name,
        vcpus,
        memory_mb,
        disk_gb,
        hypervisor_type,
      })),
  },
  {
    name: 'instances',
    schema: TOTALS,
    from: (it, model) => {
      const { instances, vcpus, memory_mb, disk_gb } = model.totalsOn(it.name);
      return { count: instances, vcpus, memory_mb, disk_gb };
    },
  },
];
