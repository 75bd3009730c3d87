import { describe, expect, it } from 'vitest';
import { AUTHORITY } from '../../../streams/authority/table.ts';
import { bodies, changed, claimed, type Data, factsOfMessage, firstOf, type Message, messageOf } from '../messages.ts';

/** What is told of an instance that has just been saved, wherever it is. */
const COPY = 'state power identity zone locked';
const PLACED = `place ${COPY} flavor`;
const IN_PLACE = `place ${COPY}`;

/**
 * Every versioned notification of nova that is not about flavors or keypairs, and the registers it may set: those for
 * which it was right against nova's database in all recorded runs. What a claim of an action that failed or has only
 * begun would say is not believed.
 */
const EXPECTED: Readonly<Record<string, string>> = {
  // The row as it was just saved.
  'instance.update': `${PLACED} metadata tags`,

  // Place and state, final.
  'instance.create.end': `${PLACED} metadata tags volumes`,
  'instance.live_migration_post_dest.end': PLACED,
  'instance.live_migration_rollback.end': PLACED,
  'instance.resize_finish.start': PLACED,
  'instance.resize_finish.end': PLACED,
  'instance.resize_confirm.end': PLACED,
  'instance.resize_revert.end': PLACED,
  'instance.shelve_offload.end': PLACED,
  'instance.unshelve.end': PLACED,

  // Place alone.
  'instance.create.error': 'place fault',
  'instance.resize.end': 'place',

  // State, and place when the instance's own host says it.
  'instance.power_on.end': IN_PLACE,
  'instance.power_off.end': IN_PLACE,
  'instance.pause.end': IN_PLACE,
  'instance.unpause.end': IN_PLACE,
  'instance.suspend.end': IN_PLACE,
  'instance.resume.end': IN_PLACE,
  'instance.reboot.end': IN_PLACE,
  'instance.rescue.end': IN_PLACE,
  'instance.unrescue.end': IN_PLACE,
  'instance.restore.end': IN_PLACE,
  'instance.shelve.end': IN_PLACE,
  'instance.soft_delete.end': IN_PLACE,

  // State, and the sender's host as place.
  'instance.rebuild.end': IN_PLACE,

  // State without a task.
  'compute_task.build_instances.error': 'state fault',
  'compute_task.migrate_server.error': 'state fault',
  'compute_task.rebuild_server.error': 'state fault',

  // The end.
  'instance.delete.end': 'life',

  // Single things.
  'instance.create.start': 'identity flavor zone metadata tags locked',
  'instance.resize.error': 'fault',
  'instance.rebuild.error': 'fault',
  'instance.reboot.error': 'fault',
  'instance.lock': 'locked',
  'instance.unlock': 'locked',
  'instance.volume_attach.end': 'volume/new-volume',
  'instance.volume_detach.end': 'volume/new-volume',
  'instance.volume_swap.end': 'volume/old-volume volume/new-volume',

  // Nothing: stale, or of what may yet fail, or not about the model.
  'instance.live_migration_pre.start': '',
  'instance.live_migration_pre.end': '',
  'instance.live_migration_post.start': '',
  'instance.live_migration_post.end': '',
  'instance.live_migration_post_dest.start': '',
  'instance.live_migration_rollback.start': '',
  'instance.live_migration_rollback_dest.start': '',
  'instance.live_migration_rollback_dest.end': '',
  'instance.live_migration_abort.start': '',
  'instance.live_migration_abort.end': '',
  'instance.live_migration_force_complete.start': '',
  'instance.live_migration_force_complete.end': '',
  'instance.resize_prep.start': '',
  'instance.resize_prep.end': '',
  'instance.resize.start': '',
  'instance.resize_confirm.start': '',
  'instance.resize_revert.start': '',
  'instance.evacuate': '',
  'instance.rebuild_scheduled': '',
  'instance.rebuild.start': '',
  'instance.shelve.start': '',
  'instance.shelve_offload.start': '',
  'instance.unshelve.start': '',
  'instance.shutdown.start': '',
  'instance.shutdown.end': '',
  'instance.delete.start': '',
  'instance.soft_delete.start': '',
  'instance.restore.start': '',
  'instance.exists': '',
  'instance.power_on.start': '',
  'instance.power_off.start': '',
  'instance.pause.start': '',
  'instance.unpause.start': '',
  'instance.suspend.start': '',
  'instance.resume.start': '',
  'instance.rescue.start': '',
  'instance.unrescue.start': '',
  'instance.reboot.start': '',
  'instance.snapshot.start': '',
  'instance.snapshot.end': '',
  'instance.trigger_crash_dump.start': '',
  'instance.trigger_crash_dump.end': '',
  'instance.interface_attach.start': '',
  'instance.interface_attach.end': '',
  'instance.interface_attach.error': '',
  'instance.interface_detach.start': '',
  'instance.interface_detach.end': '',
  'instance.volume_attach.start': '',
  'instance.volume_attach.error': '',
  'instance.volume_detach.start': '',
  'instance.volume_swap.start': '',
  'instance.volume_swap.error': '',
  'instance.share_attach.start': '',
  'instance.share_attach.end': '',
  'instance.share_attach.error': '',
  'instance.share_detach.start': '',
  'instance.share_detach.end': '',
  'instance.share_detach.error': '',
  'compute.exception': '',
  'libvirt.connect.error': '',
  'metrics.update': '',
  'volume.usage': '',
  'scheduler.select_destinations.start': '',
  'scheduler.select_destinations.end': '',

  'service.create': 'service/service-uuid',
  'service.update': 'service/service-uuid',
  'service.delete': 'life/service-uuid',

  // Whole at the ends; a start lists what was before.
  'aggregate.create.start': '',
  'aggregate.create.end': 'aggregate',
  'aggregate.add_host.start': '',
  'aggregate.add_host.end': 'aggregate',
  'aggregate.remove_host.start': '',
  'aggregate.remove_host.end': 'aggregate',
  'aggregate.update_metadata.start': '',
  'aggregate.update_metadata.end': 'aggregate',
  'aggregate.update_prop.start': '',
  'aggregate.update_prop.end': 'aggregate',
  'aggregate.delete.start': '',
  'aggregate.delete.end': 'life',
  'aggregate.cache_images.start': '',
  'aggregate.cache_images.progress': '',
  'aggregate.cache_images.end': '',

  'server_group.create': 'group member/instance-1',
  'server_group.add_member': 'group member/instance-1',
  'server_group.delete': 'life',
};

const EXCEPTION = { 'nova_object.data': { exception: 'NoValidHost', exception_message: 'none left' } };

/** A payload that has all that any claim reads, of something that its own host tells. */
const ALL: Data = {
  ...firstOf('live_migration_success', 'instance.update').payload['nova_object.data'],
  instance_uuid: 'instance-1',
  host: 'host1',
  node: 'node1',
  block_devices: [{ 'nova_object.data': { volume_id: 'a-volume' } }],
  volume_id: 'new-volume',
  old_volume_id: 'old-volume',
  new_volume_id: 'new-volume',
  deleted_at: '2026-11-23T01:46:23Z',
  fault: EXCEPTION,
  reason: EXCEPTION,
  binary: 'nova-compute',
  disabled: false,
  disabled_reason: null,
  forced_down: false,
};

/** What differs for things of other kinds. */
const OF_KIND: Readonly<Record<string, Data>> = {
  service: { uuid: 'service-uuid' },
  aggregate: { uuid: 'aggregate-uuid', id: 1, name: 'a', hosts: ['host1'], metadata: {} },
  server_group: { uuid: 'group-uuid', name: 'g', policy: 'affinity', rules: {}, members: ['instance-1'] },
};

function everything(event_type: string, data: Data = {}, publisher_id = 'nova-compute:host1'): Message {
  const message = firstOf('live_migration_success', 'instance.update');
  const kind = event_type.slice(0, event_type.indexOf('.'));
  const payload = { ...ALL, ...OF_KIND[kind], ...data };
  return { ...message, event_type, publisher_id, payload: { ...message.payload, 'nova_object.data': payload } };
}

describe('an event is believed for', () => {
  it.each(Object.entries(EXPECTED).map(([event, registers]) => [event, registers || 'nothing']))(
    '%s: %s',
    (event, registers) => {
      const claims = Object.keys(claimed(everything(event)));
      expect(claims.sort()).toEqual(registers === 'nothing' ? [] : registers.split(' ').sort());
    },
  );
});

describe('the table', () => {
  it('knows no event that is not expected above', () => {
    for (const [event, { claims }] of AUTHORITY) expect(claims.length === 0, event).toBe(EXPECTED[event] === '');
    expect([...AUTHORITY.keys()].filter((event) => !(event in EXPECTED))).toEqual([]);
  });

  it('is expected above for every event that was ever recorded, but those of flavors', () => {
    const events = new Set(bodies.map((body) => messageOf(body).event_type));
    expect([...events].filter((event) => !(event in EXPECTED))).toEqual(['flavor.create']);
  });

  it('believes a place from no event of a live migration but the two that are final', () => {
    const claiming = [...AUTHORITY].filter(([, { claims }]) => claims.length > 0).map(([event]) => event);
    const placed = claiming.filter((event) => event.includes('live_migration'));
    expect(placed).toEqual(['instance.live_migration_post_dest.end', 'instance.live_migration_rollback.end']);
  });

  it('takes an update alone for the row itself', () => {
    const rows = [...AUTHORITY].filter(([, { tier }]) => tier === 1).map(([event]) => event);
    expect(rows).toEqual(['instance.update']);
  });

  it('takes from a place only what says where it is', () => {
    const placed = Object.entries(EXPECTED).filter(([, registers]) => registers.split(' ').includes('place'));
    for (const [event] of placed) {
      expect(claimed(everything(event)).place).toEqual({ host: 'host1', node: 'node1' });
      expect(claimed(everything(event, { host: '', node: '' }, 'nova-compute:')).place).toEqual({
        host: null,
        node: null,
      });
    }
  });

  it('takes the state as told, but without a task from a failed task', () => {
    for (const [event, registers] of Object.entries(EXPECTED)) {
      if (!registers.split(' ').includes('state')) continue;
      const told = claimed(everything(event, { state: 'active', task_state: 'powering-on' }));
      const task_state = event.startsWith('compute_task.') ? null : 'powering-on';
      expect(told.state).toEqual({ vm_state: 'active', task_state });
    }
  });
});

describe('a clock', () => {
  const times = { timestamp: '2026-11-23 01:46:23.915128' };
  const clocks = (event: string, data: Data): string[] =>
    factsOfMessage({ ...everything(event, data), ...times }).map(({ clock }) => clock.slice(0, 29));
  const second = (text: string): string => String(Date.parse(text) / 1_000).padStart(10, '0');
  const sent = `${Date.parse('2026-11-23T01:46:23.915Z')}128`;

  it('of an instance is the version of its row, what tells it, and the time', () => {
    const row = second('2026-11-23T01:40:00Z');
    expect(new Set(clocks('instance.update', { updated_at: '2026-11-23T01:40:00Z' }))).toEqual(
      new Set([`${row}.1.${sent}`]),
    );
    expect(new Set(clocks('instance.unshelve.end', { updated_at: '2026-11-23T01:40:00Z' }))).toEqual(
      new Set([`${row}.0.${sent}`]),
    );
  });

  it('of a row that was never saved begins at zero', () => {
    expect(clocks('instance.create.start', { updated_at: null })[0]).toBe(`0000000000.0.${sent}`);
  });

  it('of a failed task is as of a row saved in the second it was told in', () => {
    expect(clocks('compute_task.migrate_server.error', {})[0]).toBe(`${second('2026-11-23T01:46:23Z')}.0.${sent}`);
  });

  it.each(['service.update', 'aggregate.add_host.end', 'server_group.create', 'instance.volume_attach.end'])(
    'of what has no version (%s) is time alone',
    (event) => {
      for (const clock of clocks(event, { updated_at: '2026-11-23T01:40:00Z' }))
        expect(clock).toBe(`0000000000.0.${sent}`);
    },
  );

  it('of attached volumes is time alone, the list of them too', () => {
    const facts = factsOfMessage({ ...everything('instance.create.end'), ...times });
    expect(facts.find(({ register }) => register === 'volumes')?.clock.slice(0, 29)).toBe(`0000000000.0.${sent}`);
  });

  it('differs between messages of one microsecond, and not between tellings of one', () => {
    const one = everything('instance.update');
    const other = changed(one, {}, { message_id: 'another' });
    const clockOf = (message: Message): string | undefined => factsOfMessage(message)[0]?.clock;
    expect(clockOf(one)).toBe(clockOf(structuredClone(one)));
    expect(clockOf(one)).not.toBe(clockOf(other));
  });
});
