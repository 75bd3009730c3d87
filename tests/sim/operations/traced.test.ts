import { describe, expect, test } from 'vitest';
import { boot } from '../../../sim/operations/boot.ts';
import { evacuate } from '../../../sim/operations/evacuate.ts';
import { abortLiveMigration, forceComplete, liveMigration } from '../../../sim/operations/live-migration.ts';
import { resize } from '../../../sim/operations/resize.ts';
import { newServer, type Stage, stage, tracedLines } from './lines.ts';

/** nova's tests run with other settings for block devices. */
function plain(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(' bdms', '')).filter((line) => line.startsWith('instance.'));
}

function admin({ cloud }: Stage) {
  return cloud.request(cloud.fabric.admin);
}

describe('what goes wrong is told as in the traces of nova’s own tests', () => {
  test('a boot that fails on one host and succeeds on the next', () => {
    const on = stage();
    const instance = newServer(on.cloud);
    const played = on.play(boot(on.cloud, admin(on), instance, 1), instance);
    expect(plain(played)).toEqual(plain(tracedLines('create_reschedule', 'instance.create.start')));
  });

  test.each([
    ['the destination refuses', 'pre', 'live_migration_rollback'],
    ['the driver raises', 'raise', 'live_migration_driver_failure_error'],
  ] as const)('a live migration: %s', (_, failure, trace) => {
    const on = stage();
    const instance = on.booted();
    const played = on.play(liveMigration(on.cloud, admin(on), instance, null, failure), instance);
    expect(plain(played)).toEqual(plain(tracedLines(trace, 'instance.live_migration_pre.start')));
  });

  test('a live migration that is aborted while it runs', () => {
    const on = stage();
    const instance = on.booted();
    const ask = function* () {
      yield 2500;
      if (instance.migration !== null) yield* abortLiveMigration(on.cloud, admin(on), instance.migration);
    };
    on.cloud.begin(ask());
    const played = plain(on.play(liveMigration(on.cloud, admin(on), instance), instance));
    const traced = plain(tracedLines('live_migration_abort_running', 'instance.live_migration_pre.start'));
    expect(played.filter((line) => !line.includes('_abort.'))).toEqual(traced);
    expect(played.filter((line) => line.includes('_abort.'))).toEqual([
      'instance.live_migration_abort.start nova-compute:A A active/migrating running',
      'instance.live_migration_abort.end nova-compute:A A active/migrating running',
    ]);
    expect(played.findIndex((line) => line.includes('_abort.end'))).toBeLessThan(
      played.findIndex((line) => line.includes('_rollback.start')),
    );
  });

  test('a live migration that is forced to complete', () => {
    const on = stage();
    const instance = on.booted();
    const ask = function* () {
      yield 2500;
      if (instance.migration !== null) yield* forceComplete(on.cloud, admin(on), instance.migration);
    };
    on.cloud.begin(ask());
    const played = plain(on.play(liveMigration(on.cloud, admin(on), instance), instance));
    const traced = plain(tracedLines('live_migration_force_complete', 'instance.live_migration_pre.start'));
    expect(played.filter((line) => !line.includes('_force_'))).toEqual(traced);
    expect(played.filter((line) => line.includes('_force_'))).toHaveLength(2);
  });

  test('an evacuation whose rebuild fails', () => {
    const on = stage();
    const instance = on.booted();
    const host = on.cloud.hosts.get(instance.row.host ?? '');
    if (host !== undefined) host.alive = false;
    const played = plain(on.play(evacuate(on.cloud, admin(on), instance, { fails: true }), instance));
    expect(played).toEqual(plain(tracedLines('evacuate_rebuild_fails', 'instance.rebuild.error')));
  });

  test('a resize_prep.end that comes after all is done', () => {
    const on = stage();
    const instance = on.booted();
    const played = plain(on.play(resize(on.cloud, admin(on), instance, { latePrepEnd: true }), instance));
    const late = 'instance.resize_prep.end nova-compute:B A active/resize_prep running';
    expect(played.at(-1)).toBe(late);
    expect(plain(tracedLines('cold_migrate_late_prep_end', 'instance.resize_prep.start'))).toContain(late);
  });
});
