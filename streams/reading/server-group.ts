import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import type { Fields } from '../decode/envelope.ts';
import { idField, idList, optionalText } from '../decode/fields.ts';
import { maxServerPerHost, policyOf } from '../decode/group-policy.ts';
import { factsOfGone, factsRead, type ReadRegister, type Stamp } from './read.ts';

/** The facts of a server group and its members, each of which has a register of its own. Throws Undecodable. */
export function factsOfServerGroup(group: Fields, stamp: Stamp): Fact[] {
  const value: Value = {
    name: optionalText(group, 'name') ?? '',
    policy: policyOf(group),
    max_server_per_host: maxServerPerHost(group),
    project_id: optionalText(group, 'project_id'),
    user_id: optionalText(group, 'user_id'),
  };
  const registers: ReadRegister[] = [
    { register: REGISTER.group, value, updatedAt: null },
    ...idList(group, 'members').map((id) => ({ register: REGISTER.member + id, value: true, updatedAt: null })),
  ];
  return factsRead(elementKey('server_group', idField(group, 'id')), registers, stamp);
}

/** The facts of a server group that nova says is not there. */
export function factsOfMissingServerGroup(uuid: string, stamp: Stamp): Fact[] {
  return factsOfGone(elementKey('server_group', uuid), REGISTER.life, stamp);
}
