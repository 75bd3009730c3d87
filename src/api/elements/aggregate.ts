import { type Aggregate, zoneOf } from '../../../model/grouping.ts';
import { REGISTER } from '../../../model/registers.ts';
import { countOrNull, type Field, type Fields, record, text, textOrNull, texts } from './field.ts';

const of = (field: Pick<Field<Aggregate>, 'name' | 'schema' | 'sortable'>, value: (it: Aggregate) => ReturnValue) => ({
  ...field,
  registers: [REGISTER.aggregate],
  of: value,
});
type ReturnValue = ReturnType<Extract<Field<Aggregate>, { of: unknown }>['of']>;

/** A host aggregate. */
export const AGGREGATE_FIELDS: Fields<Aggregate> = [
  { name: 'uuid', schema: text('nova’s id.'), sortable: true, registers: [], of: (it) => it.uuid },
  of(
    { name: 'id', schema: countOrNull('The number by which nova’s API addresses it.'), sortable: true },
    (it) => it.id,
  ),
  of({ name: 'name', schema: text('Name.'), sortable: true }, (it) => it.name),
  of({ name: 'az', schema: textOrNull('The availability zone it gives its hosts.'), sortable: true }, zoneOf),
  of({ name: 'hosts', schema: texts('Names of its hosts.') }, (it) => it.hosts),
  of({ name: 'metadata', schema: record('Metadata.') }, (it) => it.metadata),
];
