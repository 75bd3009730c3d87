import type { ServerGroup } from '../../../model/grouping.ts';
import { instanceKey } from '../../../model/live-model.ts';
import { REGISTER } from '../../../model/registers.ts';
import { countOrNull, type Fields, text, textOrNull, texts } from './field.ts';

/** A server group. */
export const SERVER_GROUP_FIELDS: Fields<ServerGroup> = [
  { name: 'uuid', schema: text('nova’s id.'), sortable: true, registers: [], of: (it) => it.uuid },
  { name: 'name', schema: textOrNull('Name.'), sortable: true, registers: [REGISTER.group], of: (it) => it.name },
  {
    name: 'policy',
    schema: textOrNull('affinity, anti-affinity, soft-affinity or soft-anti-affinity.'),
    sortable: true,
    registers: [REGISTER.group],
    of: (it) => it.policy,
  },
  {
    name: 'max_server_per_host',
    schema: countOrNull('How many members a host may hold, for anti-affinity.'),
    registers: [REGISTER.group],
    of: (it) => it.max_server_per_host,
  },
  {
    name: 'project_id',
    schema: textOrNull('Whose it is.'),
    sortable: true,
    registers: [REGISTER.group],
    of: (it) => it.project_id,
  },
  {
    name: 'members',
    schema: texts('Uuids of its instances that are there, sorted.'),
    from: (it, model) => it.members.filter((uuid) => !model.isDeleted(instanceKey(uuid))),
  },
  {
    name: 'members_ever',
    schema: texts('Uuids of all instances that were ever added, sorted: nova tells of no removal.'),
    registers: [REGISTER.member],
    of: (it) => it.members,
  },
];
