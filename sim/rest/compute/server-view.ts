import { createHash } from 'node:crypto';
import { isoMicros, isoSecond, SECOND } from '../../clock/time.ts';
import { isUp } from '../../operations/service.ts';
import { DEFAULT_ZONE } from '../../state/aggregates.ts';
import type { Flavor, Instance } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { statusOf } from './status.ts';

/** nova's numbers for the power states that its notifications name. */
const POWER: Readonly<Record<string, number>> = { pending: 0, running: 1, paused: 3, shutdown: 4, suspended: 7 };

const WITH_PROGRESS = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING']);
const WITH_FAULT = new Set(['ERROR', 'DELETED']);

/** A server as GET /servers/{id} and /servers/detail show it; the groups are only in the former. */
export function serverView(call: Call, instance: Instance, shown: 'alone' | 'in a list'): object {
  if (call.version >= 69 && call.api.isInDownCell(instance)) return downCellView(call, instance);
  const { version, cloud } = call;
  const { row } = instance;
  const status = statusOf(row);
  return {
    id: row.uuid,
    name: row.displayName,
    status,
    tenant_id: row.actor.projectId,
    user_id: row.actor.userId,
    metadata: row.metadata,
    hostId: hostId(instance),
    image: imageView(call, instance),
    flavor: flavorView(call, row.flavor),
    created: isoSecond(row.createdAt),
    updated: isoSecond(instance.updatedAt ?? cloud.second),
    addresses: {},
    accessIPv4: '',
    accessIPv6: '',
    links: serverLinks(call, row.uuid),
    'OS-DCF:diskConfig': 'MANUAL',
    ...(WITH_FAULT.has(status) && instance.fault !== null ? { fault: faultView(instance.fault) } : {}),
    ...(WITH_PROGRESS.has(status) ? { progress: 0 } : {}),
    'OS-EXT-AZ:availability_zone': row.host === null ? (row.availabilityZone ?? '') : zoneOf(call, row.host),
    ...(version >= 96 ? { pinned_availability_zone: instance.pinnedZone } : {}),
    config_drive: '',
    key_name: null,
    'OS-SRV-USG:launched_at': momentOf(row.launchedAt),
    'OS-SRV-USG:terminated_at': momentOf(row.terminatedAt),
    ...(call.isAdmin ? adminView(call, instance) : {}),
    'OS-EXT-STS:task_state': row.taskState,
    'OS-EXT-STS:vm_state': row.state,
    'OS-EXT-STS:power_state': POWER[row.powerState] ?? 0,
    'os-extended-volumes:volumes_attached': row.volumes.map(({ id, deleteOnTermination }) =>
      version >= 3 ? { id, delete_on_termination: deleteOnTermination } : { id },
    ),
    ...(version >= 9 ? { locked: row.locked } : {}),
    ...(version >= 73 ? { locked_reason: row.lockedReason } : {}),
    ...(version >= 19 ? { description: row.displayDescription } : {}),
    ...(version >= 26 ? { tags: row.tags } : {}),
    ...(version >= 63 ? { trusted_image_certificates: null } : {}),
    ...(version >= 71 && shown === 'alone'
      ? { server_groups: instance.group === null ? [] : [instance.group.uuid] }
      : {}),
    ...(version >= 100 ? { scheduler_hints: instance.group === null ? {} : { group: [instance.group.uuid] } } : {}),
  };
}

/** What is left of a server whose cell cannot be asked. */
function downCellView(call: Call, { row }: Instance): object {
  return {
    id: row.uuid,
    status: 'UNKNOWN',
    tenant_id: row.actor.projectId,
    created: isoSecond(row.createdAt),
    links: serverLinks(call, row.uuid),
  };
}

/** GET /servers */
export function briefServerView(call: Call, { row }: Instance): object {
  return { id: row.uuid, name: row.displayName, links: serverLinks(call, row.uuid) };
}

function adminView(call: Call, { row }: Instance): object {
  const host = call.cloud.hosts.get(row.host ?? '');
  return {
    'OS-EXT-SRV-ATTR:host': row.host,
    'OS-EXT-SRV-ATTR:instance_name': `instance-${row.number.toString(16).padStart(8, '0')}`,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': row.node,
    ...(call.version >= 3
      ? {
          'OS-EXT-SRV-ATTR:hostname': row.hostName,
          'OS-EXT-SRV-ATTR:kernel_id': '',
          'OS-EXT-SRV-ATTR:launch_index': 0,
          'OS-EXT-SRV-ATTR:ramdisk_id': '',
          'OS-EXT-SRV-ATTR:reservation_id': row.reservationId,
          'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
          'OS-EXT-SRV-ATTR:user_data': null,
        }
      : {}),
    ...(call.version >= 16 ? { host_status: host === undefined ? '' : hostStatus(call, host.name) } : {}),
  };
}

function hostStatus(call: Call, name: string): string {
  const host = call.cloud.hosts.get(name);
  if (host === undefined) return '';
  if (host.forcedDown) return 'DOWN';
  if (!isUp(call.cloud, host)) return 'UNKNOWN';
  return host.disabled ? 'MAINTENANCE' : 'UP';
}

function zoneOf(call: Call, name: string): string {
  const host = call.cloud.hosts.get(name);
  return host === undefined ? DEFAULT_ZONE : call.cloud.aggregates.zoneOf(host);
}

function imageView(call: Call, { row: { image } }: Instance): object | string {
  if (image === null) return '';
  const href = `${call.api.url()}/compute/images/${image.id}`;
  const properties = call.version >= 98 ? { properties: image.properties } : {};
  return { id: image.id, links: [{ rel: 'bookmark', href }], ...properties };
}

/** A server's flavor: since 2.47 what it is made of, before that a reference. */
function flavorView(call: Call, flavor: Flavor): object {
  if (call.version < 47) {
    const href = `${call.api.url()}/compute/flavors/${flavor.flavorid}`;
    return { id: flavor.flavorid, links: [{ rel: 'bookmark', href }] };
  }
  return {
    vcpus: flavor.vcpus,
    ram: flavor.memoryMb,
    disk: flavor.rootGb,
    ephemeral: flavor.ephemeralGb,
    swap: flavor.swapMb,
    original_name: flavor.name,
    extra_specs: flavor.extraSpecs,
  };
}

function faultView(fault: NonNullable<Instance['fault']>): object {
  return { code: fault.code, created: isoSecond(fault.created), message: fault.message };
}

function serverLinks(call: Call, uuid: string): object[] {
  const url = call.api.url();
  return [
    { rel: 'self', href: `${url}/compute/v2.1/servers/${uuid}` },
    { rel: 'bookmark', href: `${url}/compute/servers/${uuid}` },
  ];
}

function hostId({ row }: Instance): string {
  if (row.host === null) return '';
  return createHash('sha224').update(`${row.actor.projectId}${row.host}`).digest('hex');
}

function momentOf(second: number | null): string | null {
  return second === null ? null : isoMicros(second * SECOND);
}
