import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import type { Fields } from '../decode/envelope.ts';
import { countField, idField, idList, optionalText, textMap } from '../decode/fields.ts';
import { factsOfGone, factsRead, type Stamp } from './read.ts';

/** The facts of an aggregate (microversion 2.41 or later). Throws Undecodable. */
export function factsOfAggregate(aggregate: Fields, stamp: Stamp): Fact[] {
  const value: Value = {
    id: countField(aggregate, 'id'),
    name: optionalText(aggregate, 'name') ?? '',
    hosts: idList(aggregate, 'hosts'),
    metadata: textMap(aggregate, 'metadata'),
  };
  const element = elementKey('aggregate', idField(aggregate, 'uuid'));
  return factsRead(element, [{ register: REGISTER.aggregate, value, updatedAt: null }], stamp);
}

/** The facts of an aggregate that nova says is not there. */
export function factsOfMissingAggregate(uuid: string, stamp: Stamp): Fact[] {
  return factsOfGone(elementKey('aggregate', uuid), REGISTER.life, stamp);
}
