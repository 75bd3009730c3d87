import type { Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import { dataOf, isFields } from '../decode/envelope.ts';
import {
  countField,
  flagField,
  idField,
  idList,
  isId,
  optionalText,
  proseOrNull,
  textMap,
  textOrNull,
} from '../decode/fields.ts';
import { maxServerPerHost, policyOf } from '../decode/group-policy.ts';
import { normalTime } from '../decode/time.ts';
import type { ReadFields } from './read-fields.ts';

/** What a claim is made of: the payload's fields, and who sent it when. */
export interface Told {
  readonly data: ReadFields;
  /** `nova-compute`, `nova-conductor`, `nova-api`. */
  readonly service: string;
  /** The host part of the publisher id. */
  readonly sender: string;
  /** Microseconds since 1970, not in the far future. */
  readonly time: number;
}

/** One register's value as told. `byTime`: not a column of the row, so the row's version does not order it. */
export interface Claim {
  readonly register: string;
  readonly value: Value;
  readonly byTime?: true;
}

/** Reads one group of registers out of a payload; nothing when the payload does not tell it. Throws Undecodable. */
type Claimer = (told: Told) => readonly Claim[];

const claimers = {
  place: ({ data }) => [{ register: REGISTER.place, value: placeOf(data) }],

  /** An evacuation's rebuild.end names the dead host; the new one is its sender, whose node nobody tells. */
  'place of a rebuild': ({ data, service, sender }) => {
    const place = placeOf(data);
    const evacuated = service === 'nova-compute' && sender !== place.host && isId(sender);
    return [{ register: REGISTER.place, value: evacuated ? { host: sender, node: null } : place }];
  },

  state: ({ data }) => [
    {
      register: REGISTER.state,
      value: { vm_state: textOrNull(data, 'state'), task_state: textOrNull(data, 'task_state') },
    },
  ],

  /** nova resets the task when a task fails before it reaches a compute. */
  'state without task': ({ data }) => [
    { register: REGISTER.state, value: { vm_state: textOrNull(data, 'state'), task_state: null } },
  ],

  power: ({ data }) =>
    data.power_state === undefined ? [] : [{ register: REGISTER.power, value: textOrNull(data, 'power_state') }],

  flavor: ({ data }) => [{ register: REGISTER.flavor, value: flavorOf(dataOf(data.flavor, 'flavor')) }],

  identity: ({ data }) => [
    {
      register: REGISTER.identity,
      value: {
        name: textOrNull(data, 'display_name'),
        hostname: optionalText(data, 'host_name'),
        project_id: textOrNull(data, 'tenant_id'),
        user_id: textOrNull(data, 'user_id'),
        image_id: optionalText(data, 'image_uuid') || null,
        created_at: normalTime(optionalText(data, 'created_at')),
        launched_at: normalTime(optionalText(data, 'launched_at')),
      },
    },
  ],

  zone: ({ data }) => [{ register: REGISTER.zone, value: optionalText(data, 'availability_zone') }],

  metadata: ({ data }) =>
    data.metadata === undefined ? [] : [{ register: REGISTER.metadata, value: textMap(data, 'metadata') }],

  tags: ({ data }) => (Array.isArray(data.tags) ? [{ register: REGISTER.tags, value: idList(data, 'tags') }] : []),

  locked: ({ data }) =>
    data.locked === undefined
      ? []
      : [
          {
            register: REGISTER.locked,
            value: { locked: flagField(data, 'locked'), reason: proseOrNull(data, 'locked_reason') },
          },
        ],

  fault: ({ data, time }) => {
    if (!isFields(data.fault)) return [];
    const fault: ReadFields = dataOf(data.fault, 'fault');
    const value = {
      exception: proseOrNull(fault, 'exception'),
      message: proseOrNull(fault, 'exception_message'),
      at: time,
    };
    return [{ register: REGISTER.fault, value }];
  },

  /** compute_task.*: the reason is an exception object, or null. */
  'fault of a task': ({ data, time }) => {
    if (!isFields(data.reason)) return [];
    const reason: ReadFields = dataOf(data.reason, 'reason');
    const value = {
      exception: proseOrNull(reason, 'exception'),
      message: proseOrNull(reason, 'exception_message'),
      at: time,
    };
    return [{ register: REGISTER.fault, value }];
  },

  /** Null unless nova is told to fill it (bdms_in_notifications); an update's is always empty, so no update claims it. */
  volumes: ({ data }) => {
    if (!Array.isArray(data.block_devices)) return [];
    const ids = data.block_devices
      .map((device): ReadFields => dataOf(device, 'block_devices[]'))
      .map((device) => device.volume_id)
      .filter(isId);
    return [{ register: REGISTER.volumes, value: ids.sort(), byTime: true }];
  },

  'volume attached': ({ data }) => [volume(data, 'volume_id', true)],

  /** During an evacuation the new host tells of "detaching" what is only moved. */
  'volume detached': ({ data, sender }) =>
    data.host === sender || data.host === null ? [volume(data, 'volume_id', false)] : [],

  'volume swapped': ({ data }) => [volume(data, 'old_volume_id', false), volume(data, 'new_volume_id', true)],

  tombstone: () => [{ register: REGISTER.life, value: true }],

  /** `disabled`, `disabled_reason` and `forced_down` are always told together. */
  service: ({ data }) => [
    {
      register: REGISTER.service + idField(data, 'uuid'),
      value: {
        disabled: flagField(data, 'disabled'),
        disabled_reason: proseOrNull(data, 'disabled_reason'),
        forced_down: flagField(data, 'forced_down'),
      },
    },
  ],

  'service tombstone': ({ data }) => [{ register: REGISTER.serviceLife + idField(data, 'uuid'), value: true }],

  aggregate: ({ data }) => [
    {
      register: REGISTER.aggregate,
      value: {
        id: data.id === null ? null : countField(data, 'id'),
        name: textOrNull(data, 'name') ?? '',
        hosts: data.hosts === null ? [] : idList(data, 'hosts'),
        metadata: data.metadata === null ? {} : textMap(data, 'metadata'),
      },
    },
  ],

  group: ({ data }) => [
    {
      register: REGISTER.group,
      value: {
        name: textOrNull(data, 'name') ?? '',
        policy: policyOf(data),
        max_server_per_host: maxServerPerHost(data),
        project_id: optionalText(data, 'project_id'),
        user_id: optionalText(data, 'user_id'),
      },
    },
  ],

  /** The full list read back; members that crossed with another addition are in that one's list. */
  members: ({ data }) =>
    data.members === null ? [] : idList(data, 'members').map((id) => ({ register: REGISTER.member + id, value: true })),
} as const satisfies Record<string, Claimer>;

export type ClaimName = keyof typeof claimers;

/** Every claim an event can make, by the name the authority table uses. */
export const CLAIMS: Readonly<Record<ClaimName, Claimer>> = claimers;

function placeOf(data: ReadFields): { host: string | null; node: string | null } {
  return { host: textOrNull(data, 'host') || null, node: textOrNull(data, 'node') || null };
}

function flavorOf(flavor: ReadFields): Value {
  return {
    name: textOrNull(flavor, 'name') ?? '',
    vcpus: countField(flavor, 'vcpus'),
    memory_mb: countField(flavor, 'memory_mb'),
    root_gb: countField(flavor, 'root_gb'),
    ephemeral_gb: countField(flavor, 'ephemeral_gb'),
    swap_mb: countField(flavor, 'swap'),
    extra_specs: isFields(flavor.extra_specs) ? textMap(flavor, 'extra_specs') : {},
  };
}

function volume(data: ReadFields, field: string, attached: boolean): Claim {
  return { register: REGISTER.volume + idField(data, field), value: attached, byTime: true };
}
