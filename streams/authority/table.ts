import type { ElementKind } from '../../model/element.ts';
import type { ClaimName } from './claims.ts';
import type { Guard } from './guards.ts';

/** What one event type may set, and how its statements are ordered. */
export interface Authority {
  readonly kind: ElementKind;
  /** The payload field that names the element. */
  readonly id: string;
  readonly claims: readonly ClaimName[];
  /** Conditions that take claims away, in order. */
  readonly guards?: readonly Guard[];
  /**
   * `row`: by the row's updated_at, then time (instances). `time`: by time alone (things without updated_at).
   * `second`: like a row saved in the second it was sent in (compute_task.*, whose payload has no updated_at).
   */
  readonly order: 'row' | 'time' | 'second';
  /** 1: the row itself as just written; 0: a copy in some process's memory. */
  readonly tier: 0 | 1;
}

const COPY: ClaimName[] = ['state', 'power', 'identity', 'zone', 'locked'];
/** A copy taken right after a save that also ended where the instance is. */
const PLACED: ClaimName[] = ['place', ...COPY, 'flavor'];

const instance = (claims: ClaimName[], ...guards: Guard[]): Authority => ({
  kind: 'instance',
  id: 'uuid',
  claims,
  guards,
  order: 'row',
  tier: 0,
});
/** An action on an instance that stays where it is: its sender is its host, or else the host named is stale. */
const inPlace = instance(['place', ...COPY], 'place only from its own host');
const task: Authority = {
  kind: 'instance',
  id: 'instance_uuid',
  claims: ['state without task', 'fault of a task'],
  order: 'second',
  tier: 0,
};
const timed = (kind: ElementKind, id: string, ...claims: ClaimName[]): Authority => ({
  kind,
  id,
  claims,
  order: 'time',
  tier: 0,
});
const service = (...claims: ClaimName[]): Authority => ({
  ...timed('host', 'host', ...claims),
  guards: ['nova-compute only'],
});
const aggregate = timed('aggregate', 'uuid', 'aggregate');

/**
 * What each of nova's versioned notifications is authoritative for. This table is the cure of the live-migration bug: a
 * place is believed only from events that nova sends once the placement is final. An event that is not in it claims
 * nothing: every `.start` but one, `live_migration_post.*`, `_pre`, `_abort`, `_force_complete`, `_rollback_dest`,
 * `resize_prep.*`, `rebuild.start`, `rebuild_scheduled`, `evacuate`, `exists`, and whatever nova adds.
 */
export const AUTHORITY: ReadonlyMap<string, Authority> = new Map<string, Authority>([
  // The row as it was just written, sent by whoever saved it (so its sender is nobody's host).
  [
    'instance.update',
    {
      ...instance(
        [...PLACED, 'metadata', 'tags'],
        'only tags from the API',
        'not the hidden row of a cross-cell resize',
        'a deleted row is a tombstone',
      ),
      tier: 1,
    },
  ],

  ['instance.create.start', instance(['identity', 'flavor', 'zone', 'metadata', 'tags', 'locked'])],
  ['instance.create.end', instance([...PLACED, 'metadata', 'tags', 'volumes'])],
  ['instance.create.error', instance(['place', 'fault'])],

  ['instance.live_migration_post_dest.end', instance(PLACED)],
  ['instance.live_migration_rollback.end', instance(PLACED)],

  ['instance.resize.end', instance(['place'])],
  ['instance.resize.error', instance(['fault'])],
  ['instance.resize_finish.start', instance(PLACED)],
  ['instance.resize_finish.end', instance(PLACED)],
  ['instance.resize_confirm.end', instance(PLACED)],
  ['instance.resize_revert.end', instance(PLACED)],

  ['instance.rebuild.end', instance(['place of a rebuild', ...COPY])],
  ['instance.rebuild.error', instance(['fault'])],

  // Host null is the very statement of an offload.
  ['instance.shelve_offload.end', instance(PLACED)],
  ['instance.unshelve.end', instance(PLACED)],

  ['instance.power_on.end', inPlace],
  ['instance.power_off.end', inPlace],
  ['instance.pause.end', inPlace],
  ['instance.unpause.end', inPlace],
  ['instance.suspend.end', inPlace],
  ['instance.resume.end', inPlace],
  ['instance.reboot.end', inPlace],
  ['instance.reboot.error', instance(['fault'])],
  ['instance.rescue.end', inPlace],
  ['instance.unrescue.end', inPlace],
  ['instance.shelve.end', inPlace],
  ['instance.soft_delete.end', inPlace],
  ['instance.restore.end', inPlace],

  ['instance.lock', instance(['locked'])],
  ['instance.unlock', instance(['locked'])],
  ['instance.volume_attach.end', instance(['volume attached'])],
  ['instance.volume_detach.end', instance(['volume detached'])],
  ['instance.volume_swap.end', instance(['volume swapped'])],
  ['instance.delete.end', instance(['tombstone'], 'only once it is deleted')],

  ['compute_task.build_instances.error', task],
  ['compute_task.migrate_server.error', task],
  ['compute_task.rebuild_server.error', task],

  ['service.create', service('service')],
  ['service.update', service('service')],
  ['service.delete', service('service tombstone')],

  // Only the ends: a start lists what was before.
  ['aggregate.create.end', aggregate],
  ['aggregate.add_host.end', aggregate],
  ['aggregate.remove_host.end', aggregate],
  ['aggregate.update_metadata.end', aggregate],
  ['aggregate.update_prop.end', aggregate],
  ['aggregate.delete.end', timed('aggregate', 'uuid', 'tombstone')],

  ['server_group.create', timed('server_group', 'uuid', 'group', 'members')],
  ['server_group.add_member', timed('server_group', 'uuid', 'group', 'members')],
  ['server_group.delete', timed('server_group', 'uuid', 'tombstone')],
]);
