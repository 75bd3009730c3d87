import { describe, expect, test } from 'vitest';
import type { Cloud, Process } from '../../../sim/cloud.ts';
import { boot } from '../../../sim/operations/boot.ts';
import { liveMigration } from '../../../sim/operations/live-migration.ts';
import { rebuild } from '../../../sim/operations/rebuild.ts';
import { resize } from '../../../sim/operations/resize.ts';
import type { Instance } from '../../../sim/state/types.ts';
import { newServer, type Stage, stage } from './lines.ts';

/** `event host state/task`, as the tables of what nova was seen to send have it; hosts are named A, B, C. */
function table(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const [event = '', , host, state] = line.split(' ');
    return [event.replace('instance.', ''), host, state].filter((word) => word !== undefined).join(' ');
  });
}

const admin = (cloud: Cloud) => cloud.request(cloud.fabric.admin);

function everythingFull({ cloud }: Stage): void {
  for (const host of cloud.hosts.values()) host.disabled = true;
}

function playOn(on: Stage, make: (cloud: Cloud, instance: Instance) => Process): string[] {
  const instance = on.booted();
  return table(on.play(make(on.cloud, instance), instance));
}

const SELECT = ['scheduler.select_destinations.start', 'scheduler.select_destinations.end'];

describe('what the recordings at hand do not hold is told as documented', () => {
  test('a boot that fails on three hosts ends in ERROR on none', () => {
    const on = stage();
    const instance = newServer(on.cloud);
    const attempt = (host: string) => [
      'update - building/null',
      'create.start - building/null',
      `update ${host} building/null`,
      `update ${host} building/networking`,
      `update ${host} building/block_device_mapping`,
      `update ${host} building/spawning`,
      `shutdown.start ${host} building/spawning`,
      `shutdown.end ${host} building/spawning`,
      'update - building/spawning',
      'create.error - building/spawning',
      'update - building/spawning',
      'update - building/scheduling',
    ];
    const said = table(on.play(boot(on.cloud, admin(on.cloud), instance, 3), instance));
    expect(said).toEqual([
      ...SELECT,
      'update - building/scheduling',
      ...attempt('A'),
      'update - building/scheduling',
      ...attempt('B'),
      'update - building/scheduling',
      ...attempt('C'),
      'update - error/null',
      'compute_task.build_instances.error',
    ]);
  });

  test('a live migration with no valid host leaves it where it is', () => {
    const on = stage();
    const said = playOn(on, (cloud, instance) => {
      everythingFull(on);
      return liveMigration(cloud, admin(cloud), instance);
    });
    expect(said).toEqual([
      'update A active/migrating',
      'scheduler.select_destinations.start',
      'update A active/null',
      'compute_task.migrate_server.error',
    ]);
  });

  test('a resize that fails on the destination leaves it there in ERROR', () => {
    const said = playOn(stage(), (cloud, instance) => resize(cloud, admin(cloud), instance, { fails: true }));
    expect(said).toEqual([
      'update A active/resize_prep',
      ...SELECT,
      'exists A active/resize_prep',
      'resize_prep.start A active/resize_prep',
      'update A active/resize_prep',
      'resize_prep.end A active/resize_prep',
      'update A active/resize_migrating',
      'resize.start A active/resize_migrating',
      'update B active/resize_migrated',
      'resize.end B active/resize_migrated',
      'update B active/resize_finish',
      'resize_finish.start B active/resize_finish',
      'update B error/resize_finish',
      'update B error/null',
      'compute.exception',
    ]);
  });

  test('a rebuild in place', () => {
    const said = playOn(stage(), (cloud, instance) =>
      rebuild(cloud, admin(cloud), instance, instance.row.image, 'new'),
    );
    expect(said).toEqual([
      'update A active/rebuilding',
      'rebuild_scheduled A active/rebuilding',
      'exists A active/rebuilding',
      'rebuild.start A active/rebuilding',
      'update A active/rebuilding',
      'update A active/rebuild_block_device_mapping',
      'update A active/rebuild_spawning',
      'update A active/null',
      'rebuild.end A active/null',
      'update A active/null',
    ]);
  });

  test('a live migration whose source fails to clean up: only an update names the new host', () => {
    const said = playOn(stage(), (cloud, instance) => liveMigration(cloud, admin(cloud), instance, null, 'cleanup'));
    expect(said.slice(-2)).toEqual(['live_migration_post.start A active/migrating', 'update B active/null']);
  });
});
