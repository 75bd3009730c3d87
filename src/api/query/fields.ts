import type { Entity } from '../../../model/live-model.ts';
import { VigilError } from '../../errors.ts';
import type { Field, Fields } from '../elements/field.ts';

/** The fields that `fields=a,b` asks for, in the order of the representation; all without it. */
export function selectFields<E extends Entity>(fields: Fields<E>, wanted: string | undefined): readonly Field<E>[] {
  if (wanted === undefined) return fields;
  const names = new Set(wanted.split(',').map((name) => name.trim()));
  const known = new Set(fields.map(({ name }) => name));
  for (const name of names) {
    if (known.has(name)) continue;
    const problem = `there is no field "${name}"; the fields are ${[...known].join(', ')}`;
    throw new VigilError('invalid-parameter', { where: 'query', parameter: 'fields', problem });
  }
  return fields.filter(({ name }) => names.has(name));
}
