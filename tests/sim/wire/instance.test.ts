import { describe, expect, test } from 'vitest';
import type { Flavor, InstanceRow } from '../../../sim/state/types.ts';
import { hasBlockDevices, type InstanceNotice, instancePayload } from '../../../sim/wire/instance.ts';
import { payloadText, type Recorded, recorded, type VersionedObject } from '../recorded.ts';

type Data = Readonly<Record<string, never>>;

function dataOf(object: unknown): Data {
  return (object as VersionedObject)['nova_object.data'] as Data;
}

function second(text: string | null): number | null {
  return text === null ? null : Date.parse(text) / 1000;
}

function flavorOf(object: unknown): Flavor {
  const data = dataOf(object);
  return {
    flavorid: data.flavorid ?? '',
    name: data.name ?? '',
    vcpus: data.vcpus ?? 0,
    memoryMb: data.memory_mb ?? 0,
    rootGb: data.root_gb ?? 0,
    ephemeralGb: data.ephemeral_gb ?? 0,
    swapMb: data.swap ?? 0,
    extraSpecs: data.extra_specs ?? {},
  };
}

/** The row that the sender must have had in hand. */
function rowOf(data: Data): InstanceRow {
  const text = (key: string): string => data[key] ?? '';
  const optional = (key: string): string | null => data[key] ?? null;
  return {
    uuid: text('uuid'),
    number: Number.parseInt(text('instance_name').slice('instance-'.length) || '0', 16),
    actor: { userId: text('user_id'), userName: '', projectId: text('tenant_id'), projectName: '', roles: [] },
    reservationId: text('reservation_id'),
    displayName: text('display_name'),
    displayDescription: optional('display_description'),
    hostName: text('host_name'),
    host: optional('host'),
    node: optional('node'),
    availabilityZone: optional('availability_zone'),
    flavor: flavorOf(data.flavor),
    image: { id: text('image_uuid'), name: '', properties: {} },
    volumes: [],
    createdAt: second(text('created_at')) ?? 0,
    launchedAt: second(optional('launched_at')),
    terminatedAt: second(optional('terminated_at')),
    deletedAt: second(optional('deleted_at')),
    updatedAt: second(optional('updated_at')),
    state: text('state'),
    powerState: text('power_state'),
    taskState: optional('task_state'),
    metadata: data.metadata ?? {},
    tags: data.tags ?? [],
    locked: data.locked ?? false,
    lockedReason: optional('locked_reason'),
  };
}

function noticeOf(data: Data): InstanceNotice {
  const old = data.state_update === undefined ? null : dataOf(data.state_update);
  const audit = data.audit_period === undefined ? null : dataOf(data.audit_period);
  return {
    row: rowOf(data),
    requestId: data.request_id ?? null,
    initiatorUser: data.action_initiator_user ?? null,
    initiatorProject: data.action_initiator_project ?? null,
    blockDevices: data.block_devices !== null,
    ...(old === null
      ? {}
      : {
          old: {
            state: old.old_state ?? '',
            taskState: old.old_task_state ?? null,
            displayName: data.old_display_name ?? null,
          },
        }),
    ...(audit === null ? {} : { sent: second(audit.audit_period_ending ?? null) ?? 0 }),
    ...(data.new_flavor === undefined ? {} : { newFlavor: flavorOf(data.new_flavor) }),
  };
}

function actionOf({ message }: Recorded): string {
  return message.event_type.slice('instance.'.length);
}

const MESSAGES = recorded('recordings').filter(({ message }) => message.event_type.startsWith('instance.'));

describe('an instance payload', () => {
  test('has the bytes that nova wrote, for every recorded message', () => {
    expect(MESSAGES.length).toBeGreaterThan(400);
    for (const message of MESSAGES) {
      const written = instancePayload(actionOf(message), noticeOf(dataOf(message.message.payload)));
      expect(written).toBe(payloadText(message));
    }
  });

  test('tells block devices where nova does', () => {
    for (const message of MESSAGES) {
      const data = dataOf(message.message.payload);
      if (message.message.publisher_id.startsWith('nova-api:') && actionOf(message).startsWith('delete')) continue;
      const told = data.block_devices !== null;
      expect({ [actionOf(message)]: hasBlockDevices(actionOf(message)) }).toEqual({ [actionOf(message)]: told });
    }
  });
});
