import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import type { Fields } from '../decode/envelope.ts';
import { countField, idField, optionalText } from '../decode/fields.ts';
import { factsRead, type Stamp } from './read.ts';

/** The instance a migration is of. Throws Undecodable. */
export function migratedInstance(migration: Fields): string {
  return idField(migration, 'instance_uuid');
}

/** The facts of a migration under way (microversion 2.23 or later tells its type). Throws Undecodable. */
export function factsOfMigration(migration: Fields, stamp: Stamp): Fact[] {
  return stateMigration(
    migratedInstance(migration),
    {
      uuid: optionalText(migration, 'uuid'),
      id: countField(migration, 'id'),
      type: idField(migration, 'migration_type'),
      status: idField(migration, 'status'),
      source_host: optionalText(migration, 'source_compute'),
      source_node: optionalText(migration, 'source_node'),
      dest_host: optionalText(migration, 'dest_compute'),
      dest_node: optionalText(migration, 'dest_node'),
    },
    stamp,
  );
}

/** The fact that no migration of an instance is under way any more. */
export function factsOfNoMigration(instance: string, stamp: Stamp): Fact[] {
  return stateMigration(instance, null, stamp);
}

function stateMigration(instance: string, value: Value, stamp: Stamp): Fact[] {
  return factsRead(elementKey('instance', instance), [{ register: REGISTER.migration, value, updatedAt: null }], stamp);
}
