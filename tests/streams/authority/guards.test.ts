import { describe, expect, it } from 'vitest';
import { instanceKey } from '../../../model/live-model.ts';
import { changed, claimed, factsOfMessage, firstOf, type Message, recorded } from '../messages.ts';
import { modelOf } from '../replayed.ts';

const data = (message: Message) => message.payload['nova_object.data'];
const modelFrom = (messages: readonly Message[]) => modelOf(messages.map((message) => factsOfMessage(message)));

/** Those of a recording that are about one instance. */
function about(uuid: unknown, messages: readonly Message[]): Message[] {
  return messages.filter((message) => data(message).uuid === uuid);
}

describe('an evacuation', () => {
  const evacuations = ['evacuate', 'evacuate_alive', 'recordings/evacuate'].flatMap((name) =>
    recorded(name, 'instance.rebuild.end'),
  );

  it('puts the instance on the host that rebuilt it, whose node is not known, not on the dead one it names', () => {
    expect(evacuations.length).toBeGreaterThanOrEqual(4);
    for (const message of evacuations) {
      const target = message.publisher_id.replace('nova-compute:', '');
      expect(data(message).host).not.toBe(target);
      expect(claimed(message)).toMatchObject({
        place: { host: target, node: null },
        state: { vm_state: data(message).state, task_state: null },
      });
    }
  });

  it('is known by the sender alone, so that a rebuild in place stays where it is', () => {
    for (const message of recorded('rebuild', 'instance.rebuild.end')) {
      expect(claimed(message).place).toEqual({ host: data(message).host, node: data(message).node });
    }
  });

  it('is not concluded from a sender that is no compute, or has no name', () => {
    const [message] = evacuations;
    if (message === undefined) throw new Error('no evacuation');
    for (const publisher_id of ['nova-conductor:host9', 'nova-compute:', 'nova-compute', 'nova-compute:a\u0000b']) {
      expect(claimed(changed(message, {}, { publisher_id })).place).toEqual({
        host: data(message).host,
        node: data(message).node,
      });
    }
  });

  it('powers off on the new host what is still said to be on the old one: that tells the state alone', () => {
    const message = firstOf('evacuate_alive', 'instance.power_off.end');
    expect(data(message).host).not.toBe(message.publisher_id.replace('nova-compute:', ''));
    expect(claimed(message)).not.toHaveProperty('place');
    expect(claimed(message)).toHaveProperty('state', { vm_state: 'stopped', task_state: null });
    expect(claimed(firstOf('recordings/power', 'instance.power_off.end'))).toHaveProperty('place');
  });

  it('detaches no volume when the new host says so, but the own host does', () => {
    const attached = firstOf('delete_compute_down', 'instance.volume_attach.end');
    const detached = changed(attached, {}, { event_type: 'instance.volume_detach.end' });
    const volume = `volume/${data(attached).volume_id}`;
    expect(claimed(attached)).toEqual({ [volume]: true });
    expect(claimed(detached)).toEqual({ [volume]: false });
    expect(claimed(changed(detached, { host: null }))).toEqual({ [volume]: false });
    expect(claimed(changed(detached, {}, { publisher_id: 'nova-compute:new-host' }))).toEqual({});
  });
});

describe('the hidden row of a cross-cell resize', () => {
  const updates = recorded('cross_cell_resize_confirm', 'instance.update');
  const ghosts = updates.filter((message) => {
    const { task_state, state_update } = data(message);
    const change = (state_update as unknown as Message['payload'])['nova_object.data'];
    return task_state === 'resize_migrated' && change.old_task_state === 'resize_migrated';
  });

  it('claims nothing when it is saved again after the move', () => {
    expect(ghosts.length).toBeGreaterThanOrEqual(2);
    for (const ghost of ghosts) expect(claimed(ghost)).toEqual({});
  });

  it('is told from the updates of an ordinary resize', () => {
    const ordinary = ['resize_confirm', 'recordings/resize', 'recordings/cold-migration'].flatMap((name) =>
      recorded(name, 'instance.update'),
    );
    const migrated = ordinary.filter((message) => data(message).task_state === 'resize_migrated');
    expect(migrated.length).toBeGreaterThanOrEqual(3);
    for (const message of ordinary) expect(claimed(message)).not.toEqual({});
  });

  it('that changes its state is no ghost', () => {
    const [ghost] = ghosts;
    if (ghost === undefined) throw new Error('no ghost');
    const change = structuredClone(data(ghost).state_update) as unknown as Message['payload'];
    change['nova_object.data'].state = 'error';
    expect(claimed(changed(ghost, { state_update: change, state: 'error' }))).toHaveProperty('state');
  });
});

describe('an update', () => {
  const saved = firstOf('live_migration_success', 'instance.update');

  it('from the API tells tags alone', () => {
    const message = recorded('recordings/metadata', 'instance.update').find(({ publisher_id }) =>
      publisher_id.startsWith('nova-api:'),
    );
    if (message === undefined) throw new Error('no update of tags');
    expect(claimed(message)).toEqual({ tags: ['blue', 'gold'] });
  });

  it.each(['nova-compute', 'nova-conductor'])('from %s tells the row', (service) => {
    const message = changed(saved, { host: 'host1', node: 'node1' }, { publisher_id: `${service}:somewhere` });
    expect(claimed(message)).toMatchObject({ place: { host: 'host1', node: 'node1' } });
  });

  it.each(['nova-scheduler:x', 'something', 'nova-computer:x'])('from %s tells tags alone', (publisher_id) => {
    expect(claimed(changed(saved, {}, { publisher_id }))).toEqual({ tags: [] });
  });

  it('of a deleted row is a tombstone and nothing else', () => {
    expect(claimed(changed(saved, { state: 'deleted' }))).toEqual({ life: true });
  });
});

describe('a deletion', () => {
  const deletion = firstOf('live_migration_success', 'instance.delete.end');

  it('is final once deleted_at is set', () => {
    expect(claimed(deletion)).toEqual({ life: true });
  });

  it('that failed says so by having none', () => {
    expect(claimed(changed(deletion, { deleted_at: null }))).toEqual({});
    expect(claimed(changed(deletion, { deleted_at: false }))).toEqual({});
  });

  it('of what was soft-deleted before has failed when it still is: its deleted_at is of then', () => {
    const failed = { state: 'soft-delete', task_state: 'deleting', terminated_at: null };
    expect(claimed(changed(deletion, failed))).toEqual({});
  });

  it('is not revived by anything that comes later, or earlier', () => {
    for (const name of ['events_after_delete', 'live_migration_success', 'delete_compute_down']) {
      const messages = recorded(name);
      const uuid = data(firstOf(name, 'instance.delete.end')).uuid as string;
      for (const order of [messages, [...messages].reverse()]) {
        const model = modelFrom(order);
        expect(model.instance(uuid)).toBeUndefined();
        expect(model.isDeleted(instanceKey(uuid))).toBe(true);
      }
    }
  });

  it('for some time only is a state, from which the instance is restored', () => {
    const messages = recorded('soft_delete_restore');
    const soft = firstOf('soft_delete_restore', 'instance.soft_delete.end');
    const uuid = data(soft).uuid as string;
    expect(data(soft).deleted_at).not.toBeNull();
    expect(claimed(soft)).toMatchObject({ state: { vm_state: 'soft-delete', task_state: null } });
    const restored = messages.findIndex(({ event_type }) => event_type === 'instance.restore.end');
    const until = messages.slice(0, restored + 1);
    expect(modelFrom(until).instance(uuid)?.state?.vm_state).toBe('active');
    expect(modelFrom([...until].reverse()).instance(uuid)?.state?.vm_state).toBe('active');
    expect(modelFrom(messages).instance(uuid)).toBeUndefined();
  });
});

describe('a service', () => {
  const services = ['recordings/startup', 'service_create', 'service_delete', 'recordings/service'].flatMap((name) =>
    recorded(name),
  );
  const told = services.filter(({ event_type }) => event_type.startsWith('service.'));

  it('makes a host when it is a nova-compute, and nothing when it is another', () => {
    const binaries = new Set(told.map((message) => data(message).binary));
    expect([...binaries]).toEqual(expect.arrayContaining(['nova-compute', 'nova-conductor', 'nova-scheduler']));
    for (const message of told) {
      const claims = claimed(message);
      if (data(message).binary === 'nova-compute') expect(Object.keys(claims)).toHaveLength(1);
      else expect(claims).toEqual({});
    }
  });

  it('is the host it names, whoever sends it', () => {
    for (const message of told) {
      for (const { element } of factsOfMessage(message)) expect(element).toBe(`host/${data(message).host}`);
    }
  });
});

describe('an aggregate', () => {
  it('is believed as a whole at the end of an operation, and never at its start', () => {
    const messages = ['recordings/aggregate', 'aggregate_lifecycle', 'aggregate_update_metadata_az'].flatMap((name) =>
      recorded(name),
    );
    const told = messages.filter(({ event_type }) => event_type.startsWith('aggregate.'));
    const [starts, ends] = [/\.start$/, /\.end$/].map((form) => told.filter(({ event_type }) => form.test(event_type)));
    expect(starts?.length).toBeGreaterThanOrEqual(8);
    for (const message of starts ?? []) expect(claimed(message)).toEqual({});
    for (const message of ends ?? []) {
      const { id, name, hosts, metadata } = data(message);
      const gone = message.event_type === 'aggregate.delete.end';
      expect(claimed(message)).toEqual(
        gone ? { life: true } : { aggregate: { id, name, hosts: [...(hosts as string[])].sort(), metadata } },
      );
    }
  });

  it('takes hosts and metadata that are null for none', () => {
    const message = firstOf('aggregate_lifecycle', 'aggregate.create.end');
    expect(claimed(changed(message, { id: null, hosts: null, metadata: null }))).toMatchObject({
      aggregate: { id: null, hosts: [], metadata: {} },
    });
  });
});

describe('a server group', () => {
  const group = firstOf('server_group_add_member', 'server_group.add_member');

  it('has its members one by one, so that two additions that cross both stay', () => {
    const [one, other] = [changed(group, { members: ['a', 'b'] }), changed(group, { members: ['a', 'c'] })];
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      const [held] = modelFrom(order).serverGroups();
      expect(held?.members).toEqual(['a', 'b', 'c']);
    }
  });

  it('has its policy and limit in either payload version', () => {
    expect(claimed(group).group).toMatchObject({ policy: 'anti-affinity', max_server_per_host: 3 });
    const older = structuredClone(group);
    delete older.payload['nova_object.data'].policy;
    delete older.payload['nova_object.data'].rules;
    expect(claimed(older).group).toMatchObject({ policy: 'anti-affinity', max_server_per_host: null });
  });

  it.each([null, 'many', '-1', '0', '1.5', {}, { max_server_per_host: [] }, { max_server_per_host: { valueOf: 1 } }])(
    'has no limit when its rules are %j',
    (rules) => {
      const limited = typeof rules === 'string' ? { max_server_per_host: rules } : rules;
      expect(claimed(changed(group, { rules: limited as never })).group).toMatchObject({ max_server_per_host: null });
    },
  );
});

describe('a failed task', () => {
  const failed = firstOf('compute_task_build_error', 'compute_task.build_instances.error');

  it('leaves the instance without a task, and says why', () => {
    const told = claimed(failed);
    expect(told.state).toEqual({ vm_state: data(failed).state, task_state: null });
    expect(told.fault).toMatchObject({ exception: expect.any(String), message: expect.any(String) });
    expect(factsOfMessage(failed)[0]?.element).toBe(`instance/${data(failed).instance_uuid}`);
    expect(claimed(changed(failed, { reason: null }))).not.toHaveProperty('fault');
  });
});

describe('an instance at its creation', () => {
  it('is nowhere when its creation fails', () => {
    for (const name of ['create_reschedule', 'create_error_delete', 'multi_create']) {
      expect(claimed(firstOf(name, 'instance.create.error'))).toMatchObject({ place: { host: null, node: null } });
    }
  });

  it('is told by nothing about the volumes that nova was not asked to tell', () => {
    const created = firstOf('multi_create', 'instance.create.end');
    expect(claimed(changed(created, { block_devices: null }))).not.toHaveProperty('volumes');
    const devices = ['b', 'a'].map((volume_id) => ({ 'nova_object.data': { volume_id } }));
    expect(claimed(changed(created, { block_devices: devices })).volumes).toEqual(['a', 'b']);
  });

  it('boots from a volume when it has no image', () => {
    const created = firstOf('multi_create', 'instance.create.end');
    const imageOf = (image_uuid: string | null): unknown =>
      (claimed(changed(created, { image_uuid })).identity as { image_id: string | null }).image_id;
    expect(imageOf('')).toBeNull();
    expect(imageOf(null)).toBeNull();
    expect(imageOf('an-image')).toBe('an-image');
  });
});

it('an instance is told about by its own messages alone', () => {
  for (const name of ['evacuate', 'live_migration_success', 'cross_cell_resize_confirm']) {
    const messages = recorded(name);
    const uuids = new Set(messages.map((message) => data(message).uuid).filter((uuid) => uuid !== undefined));
    for (const uuid of uuids) {
      for (const message of about(uuid, messages)) {
        for (const { element } of factsOfMessage(message)) {
          if (element.startsWith('instance/')) expect(element).toBe(`instance/${uuid}`);
        }
      }
    }
  }
});
