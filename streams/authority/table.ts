import type { ElementKind } from '../../model/element.ts';
import type { ClaimName } from './claims.ts';
import type { Guard } from './guards.ts';
import type { ReadFields } from './read-fields.ts';

/** What one event type may set, and how its statements are ordered. */
export interface Authority {
  readonly kind: ElementKind;
  /** The payload field that names the element. */
  readonly id: keyof ReadFields;
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
  /** What nova is to be asked for afterwards, since no event need follow that tells how it ended. */
  readonly confirm?: Confirm;
}

/** How a doubt that an event leaves is cleared by asking nova's API. */
export interface Confirm {
  /** The instance the event names, or the host that sent it. */
  readonly about: 'instance' | 'sender';
  /** How long what is under way may take to settle. */
  readonly afterSeconds: number;
  /** Only if the model still has the instance where the event says it is. */
  readonly unlessMoved?: true;
}

/** An action failed, or ended before its effects did: the row is saved within seconds. */
const SETTLES: Confirm = { about: 'instance', afterSeconds: 10 };
/** The guest runs on the destination; if the source fails to clean up, nothing else will tell. */
const MOVES: Confirm = { about: 'instance', afterSeconds: 60, unlessMoved: true };
/** A compute tells of an exception, not of which instance. */
const FAILED: Confirm = { about: 'sender', afterSeconds: 30 };

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
const doubted = (authority: Authority, confirm: Confirm): Authority => ({ ...authority, confirm });
/** An action on an instance that stays where it is: its sender is its host, or else the host named is stale. */
const inPlace = instance(['place', ...COPY], 'place only from its own host');
const task: Authority = {
  kind: 'instance',
  id: 'instance_uuid',
  claims: ['state without task', 'fault of a task'],
  order: 'second',
  tier: 0,
  confirm: SETTLES,
};
const timed = (kind: ElementKind, id: keyof ReadFields, ...claims: ClaimName[]): Authority => ({
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
 * place is believed only from events that nova sends once the placement is final. An event that is not in it, or has no
 * claims in it, claims nothing: every `.start` but one, `live_migration_post.*`, `_pre`, `_abort`, `_force_complete`,
 * `_rollback_dest`, `resize_prep.*`, `rebuild.start`, `rebuild_scheduled`, `evacuate`, `exists`, and whatever nova adds.
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
  ['instance.create.error', doubted(instance(['place', 'fault']), SETTLES)],

  ['instance.live_migration_post.start', doubted(instance([]), MOVES)],
  ['instance.live_migration_post_dest.end', instance(PLACED)],
  // The driver may fail after it; that is told by an instance.update alone.
  ['instance.live_migration_rollback.end', doubted(instance(PLACED), SETTLES)],

  ['instance.resize.end', instance(['place'])],
  ['instance.resize.error', doubted(instance(['fault']), SETTLES)],
  ['instance.resize_finish.start', instance(PLACED)],
  ['instance.resize_finish.end', instance(PLACED)],
  ['instance.resize_confirm.end', instance(PLACED)],
  ['instance.resize_revert.end', instance(PLACED)],

  ['instance.rebuild.end', instance(['place of a rebuild', ...COPY])],
  ['instance.rebuild.error', doubted(instance(['fault']), SETTLES)],

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
  ['instance.reboot.error', doubted(instance(['fault']), SETTLES)],
  ['instance.rescue.end', inPlace],
  ['instance.unrescue.end', inPlace],
  ['instance.shelve.end', inPlace],
  ['instance.soft_delete.end', inPlace],
  ['instance.restore.end', inPlace],

  ['instance.lock', instance(['locked'])],
  ['instance.unlock', instance(['locked'])],
  // A failed attachment is listed like one that succeeded, and the row of a detached volume is deleted after its event.
  ['instance.volume_attach.end', doubted(instance(['volume attached']), SETTLES)],
  ['instance.volume_attach.error', doubted(instance([]), SETTLES)],
  ['instance.volume_detach.end', doubted(instance(['volume detached']), SETTLES)],
  ['instance.volume_swap.end', doubted(instance(['volume swapped']), SETTLES)],
  ['instance.volume_swap.error', doubted(instance([]), SETTLES)],
  ['instance.delete.end', instance(['tombstone'], 'only once it is deleted')],

  ['compute_task.build_instances.error', task],
  ['compute_task.migrate_server.error', task],
  ['compute_task.rebuild_server.error', task],

  ['compute.exception', doubted(timed('host', 'host'), FAILED)],

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
