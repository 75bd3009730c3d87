import type { InstanceRow } from '../../state/types.ts';

type Words = Readonly<Record<string, string>>;

const REBUILD = tasks('REBUILD', 'rebuilding', 'rebuild_block_device_mapping', 'rebuild_spawning');
const RESIZE = tasks('RESIZE', 'resize_prep', 'resize_migrating', 'resize_migrated', 'resize_finish');
const MIGRATING = tasks('MIGRATING', 'migrating');

/** The word that the API has for a vm_state, and other words while some task is under way. */
const STATUS: Readonly<Record<string, readonly [word: string, duringTasks: Words]>> = {
  active: [
    'ACTIVE',
    {
      ...tasks('REBOOT', 'rebooting', 'reboot_pending', 'reboot_started'),
      ...tasks('HARD_REBOOT', 'rebooting_hard', 'reboot_pending_hard', 'reboot_started_hard'),
      ...REBUILD,
      ...MIGRATING,
      ...RESIZE,
    },
  ],
  building: ['BUILD', {}],
  stopped: ['SHUTOFF', { ...RESIZE, ...REBUILD }],
  resized: ['VERIFY_RESIZE', tasks('REVERT_RESIZE', 'resize_reverting')],
  paused: ['PAUSED', MIGRATING],
  suspended: ['SUSPENDED', {}],
  rescued: ['RESCUE', {}],
  error: ['ERROR', REBUILD],
  deleted: ['DELETED', {}],
  shelved: ['SHELVED', {}],
  shelved_offloaded: ['SHELVED_OFFLOADED', {}],
};

function tasks(word: string, ...names: string[]): Words {
  return Object.fromEntries(names.map((name) => [name, word]));
}

/** A server's status. Source: nova/api/openstack/common.py. */
export function statusOf(row: InstanceRow): string {
  if (row.deletedAt !== null) return 'DELETED';
  const [word, duringTasks] = STATUS[row.state] ?? ['UNKNOWN', {}];
  return duringTasks[row.taskState ?? ''] ?? word;
}
