import { type TSchema, Type } from 'typebox';
import type { Value } from '../../../model/fact.ts';
import { claimedOn, type Host, type Node } from '../../../model/host.ts';
import { REGISTER } from '../../../model/registers.ts';
import type { Totals } from '../../../model/totals.ts';
import { shownZoneOfHost } from '../../../model/zone.ts';
import { type Fields, flag, flagOrNull, objectOrNull, text, textOrNull, texts } from './field.ts';

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

const whole = (description: string): TSchema => Type.Integer({ description });

const PROVIDER = objectOrNull(
  {
    inventories: Type.Record(
      Type.String(),
      Type.Object(
        { total: whole(''), reserved: whole(''), allocation_ratio: Type.Number() },
        { additionalProperties: false },
      ),
      { description: 'By resource class; (total - reserved) * allocation_ratio can be claimed.' },
    ),
    traits: texts('Traits, sorted.'),
  },
  'What placement holds of the node; null while placement was not asked.',
);

const CLAIMS = objectOrNull(
  {
    consumers: whole('Instances and migrations that claim something.'),
    resources: Type.Record(Type.String(), Type.Integer(), { description: 'Amounts by resource class.' }),
  },
  'What is claimed of the node in placement; null while placement was not asked.',
);

const NODE = Type.Object(
  {
    name: text('Hypervisor host name.'),
    uuid: text('nova’s id of the node, and placement’s of its resource provider.'),
    vcpus: Type.Integer({ description: 'CPUs.' }),
    memory_mb: Type.Integer({ description: 'Memory, MiB.' }),
    disk_gb: Type.Integer({ description: 'Disk, GiB.' }),
    hypervisor_type: textOrNull('Type of hypervisor.'),
    provider: PROVIDER,
    claims: CLAIMS,
  },
  { additionalProperties: false },
);

const CLAIM_TOTALS = objectOrNull(
  {
    count: whole('Consumers: instances and migrations.'),
    vcpus: whole('CPUs.'),
    memory_mb: whole('Memory, MiB.'),
    disk_gb: whole('Disk, GiB.'),
  },
  'What is claimed of the host in placement, both ends of each move included; null while placement was not asked.',
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
    registers: [REGISTER.inventory, REGISTER.provider, REGISTER.claims],
    of: (it) => it.nodes.map(shownNode),
  },
  {
    name: 'instances',
    schema: TOTALS,
    from: (it, model) => {
      return shownTotals(model.totalsOn(it.name));
    },
  },
  {
    name: 'claims',
    schema: CLAIM_TOTALS,
    registers: [REGISTER.claims],
    of: (it) => {
      const claims = claimedOn(it);
      return claims === null ? null : shownTotals(claims);
    },
  },
];

function shownNode({ name, uuid, vcpus, memory_mb, disk_gb, hypervisor_type, provider, claims }: Node): Value {
  return { name, uuid, vcpus, memory_mb, disk_gb, hypervisor_type, provider, claims };
}

function shownTotals({ instances, vcpus, memory_mb, disk_gb }: Totals): Value {
  return { count: instances, vcpus, memory_mb, disk_gb };
}
