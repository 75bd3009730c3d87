import { clockTime } from '../../model/clock.ts';
import { elementKey } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import { factsOfMigration, factsOfNoMigration, migratedInstance } from '../../streams/reading/migration.ts';
import { MIGRATING } from '../openstack/nova.ts';
import { forEachAtOnce } from './absence.ts';
import { type Pass, stamped } from './pass.ts';

/** How many of an instance's last migrations are looked at. */
const LAST_MIGRATIONS = 10;

/**
 * Reads the migrations under way, whoever started them; of an instance's several the newest counts. An instance whose
 * migration is not among them has none any more.
 */
export async function readMigrations(pass: Pass): Promise<void> {
  const { nova, model, options } = pass.parts;
  const newest = new Map<string, { id: number; facts: readonly Fact[] }>();
  let first = null;
  for (const status of MIGRATING) {
    for await (const page of nova.migrations(status, options.pageSize, pass.reading)) {
      first ??= page;
      pass.counts.read += page.items.length;
      pass.factsOfAll(page, (migration, stamp) => {
        const instance = migratedInstance(migration);
        const id = Number(migration.id);
        if (model.instance(instance) !== undefined && id > (newest.get(instance)?.id ?? -1))
          newest.set(instance, { id, facts: factsOfMigration(migration, stamp) });
        return [];
      });
    }
  }
  if (first === null) return;
  // A state can be left for one that was listed already: the time of the first request is the safe one.
  const stamp = stamped(first);
  const ended = [...model.instances()].filter(
    ({ uuid, migration }) => migration !== null && !newest.has(uuid) && toldAt(pass, uuid) < first.reading.sent,
  );
  await pass.commit([
    ...[...newest.values()].flatMap(({ facts }) => facts),
    ...ended.flatMap(({ uuid }) => factsOfNoMigration(uuid, stamp)),
  ]);
}

/** Reads whether a migration of one instance is under way. */
export async function readMigrationOf(pass: Pass, instance: string): Promise<void> {
  const read = await pass.parts.nova.migrationsOf(instance, LAST_MIGRATIONS, pass.reading);
  const newest = read.value.find(({ status }) => (MIGRATING as readonly unknown[]).includes(status));
  const facts =
    newest === undefined
      ? factsOfNoMigration(instance, stamped(read))
      : pass.factsOfAll({ ...read, value: [newest] }, factsOfMigration);
  await pass.commit(facts);
}

/** Reads whether migrations of some instances are under way, each by itself. */
export async function readMigrationsOf(pass: Pass, instances: readonly string[]): Promise<void> {
  const { model, options } = pass.parts;
  await forEachAtOnce(instances, options.atOnce, async (uuid) => {
    if (model.instance(uuid) === undefined) return;
    pass.counts.read += 1;
    await readMigrationOf(pass, uuid);
  });
}

function toldAt(pass: Pass, uuid: string): number {
  const told = pass.parts.model.explain(elementKey('instance', uuid));
  const migration = told?.find(({ register }) => register === REGISTER.migration);
  return migration === undefined ? 0 : clockTime(migration.clock);
}
