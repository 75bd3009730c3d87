import type { Cloud, Request } from '../cloud.ts';
import type { Flavor, Host, Instance, Migration, MigrationType } from '../state/types.ts';

/** Begins a record in nova's `migrations` table. */
export function recordMigration(
  cloud: Cloud,
  request: Request,
  type: MigrationType,
  instance: Instance,
  source: Host,
  newFlavor: Flavor = instance.row.flavor,
): Migration {
  const migration: Migration = {
    id: cloud.migrations.nextId(),
    uuid: cloud.random.uuid(),
    type,
    instance,
    source,
    oldFlavor: instance.row.flavor,
    newFlavor,
    actor: request.actor ?? instance.row.actor,
    createdAt: cloud.now,
    updatedAt: null,
    destination: null,
    status: 'accepted',
    asked: null,
  };
  cloud.migrations.add(migration);
  instance.migration = migration;
  return migration;
}

/** Moves a migration on, which also moves its `updated_at`. */
export function setStatus(cloud: Cloud, migration: Migration, status: string): void {
  migration.status = status;
  migration.updatedAt = cloud.now;
}

/** A service that runs on the host an instance's row names. */
export function hostOf(cloud: Cloud, instance: Instance): Host {
  const host = cloud.hosts.get(instance.row.host ?? '');
  if (host === undefined) throw new Error(`instance ${instance.row.uuid} is on no host`);
  return host;
}

/** The columns that change when an instance comes to a host. */
export function placedOn(cloud: Cloud, host: Host): { host: string; node: string; availabilityZone: string } {
  return { host: host.name, node: host.node, availabilityZone: cloud.aggregates.zoneOf(host) };
}
