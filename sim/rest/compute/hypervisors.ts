import { SECOND } from '../../clock/time.ts';
import { isUp } from '../../operations/service.ts';
import type { Host } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, notFound } from '../errors.ts';
import { afterMarker, collection, pageOf } from '../paging.ts';
import type { Route } from '../routes.ts';

/** `/os-hypervisors` */
export const HYPERVISOR_ROUTES: readonly Route[] = [
  ['GET', '/os-hypervisors', (call) => list(call, '/os-hypervisors', false)],
  ['GET', '/os-hypervisors/detail', (call) => list(call, '/os-hypervisors/detail', true)],
  ['GET', '/os-hypervisors/:id', show],
];

/** The id in paths and bodies: a number before 2.53, a uuid since. */
function idOf(call: Call, host: Host): string | number {
  return call.version >= 53 ? host.nodeUuid : host.serviceId;
}

function list(call: Call, path: string, detail: boolean): object {
  const { query, version } = call;
  const pattern = query.get('hypervisor_hostname_pattern');
  let hosts = [...call.cloud.hosts.values()];
  if (pattern !== null && version >= 53) {
    if (query.has('limit') || query.has('marker')) {
      throw badRequest(
        'Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.',
      );
    }
    hosts = hosts.filter((host) => host.node.includes(pattern));
    if (hosts.length === 0) throw notFound(`No hypervisor matching '${pattern}' could be found.`);
  }
  const view_ = (host: Host): object => view(call, host, detail);
  if (version < 33 || pattern !== null) return { hypervisors: hosts.map(view_) };
  const rest = afterMarker(hosts, query, (host) => idOf(call, host));
  const page = pageOf(rest, query, `${call.api.url()}/compute/v2.1${path}`, (host) => idOf(call, host));
  return collection('hypervisors', page, view_);
}

function show(call: Call): object {
  const id = call.params.id ?? '';
  const host = [...call.cloud.hosts.values()].find((candidate) => String(idOf(call, candidate)) === id);
  if (host === undefined) throw notFound(`Hypervisor with ID '${id}' could not be found.`);
  return { hypervisor: view(call, host, true) };
}

function view(call: Call, host: Host, detail: boolean): object {
  const { version, cloud, query } = call;
  const withServers = query.get('with_servers')?.toLowerCase() === 'true' && version >= 53;
  const there = withServers ? [...cloud.instances.onHost(host.name)] : [];
  const servers = there.map(({ row }) => ({ name: row.displayName, uuid: row.uuid }));
  return {
    id: idOf(call, host),
    hypervisor_hostname: host.node,
    state: isUp(cloud, host) ? 'up' : 'down',
    status: host.disabled ? 'disabled' : 'enabled',
    ...(detail
      ? {
          hypervisor_type: 'QEMU',
          hypervisor_version: 8_002_002,
          host_ip: host.ip,
          service: {
            id: version >= 53 ? host.serviceUuid : host.serviceId,
            host: host.name,
            disabled_reason: host.disabledReason,
          },
          ...(version < 88 ? resourcesView(call, host) : { uptime: uptimeOf(call, host) }),
        }
      : {}),
    ...(withServers && (servers.length > 0 || version >= 75) ? { servers } : {}),
  };
}

/** What nova showed of the host's resources until 2.87; since then placement is asked. */
function resourcesView(call: Call, host: Host): object {
  const { cloud, version } = call;
  const used = cloud.allocations.used(host);
  const info = { arch: 'x86_64', model: 'Cascadelake-Server', topology: { sockets: 2, cores: host.vcpus.total / 2 } };
  return {
    vcpus: host.vcpus.total,
    memory_mb: host.memoryMb.total,
    local_gb: host.diskGb.total,
    vcpus_used: used.vcpus,
    memory_mb_used: used.memoryMb + host.memoryMb.reserved,
    local_gb_used: used.diskGb,
    free_ram_mb: host.memoryMb.total - host.memoryMb.reserved - used.memoryMb,
    free_disk_gb: host.diskGb.total - used.diskGb,
    current_workload: 0,
    running_vms: cloud.instances.onHost(host.name).size,
    disk_available_least: host.diskGb.total - used.diskGb,
    cpu_info: version >= 28 ? info : JSON.stringify(info),
  };
}

/** As `uptime` writes it; null when the host cannot be asked. */
function uptimeOf(call: Call, host: Host): string | null {
  if (!host.alive) return null;
  const days = Math.floor((call.cloud.now - host.aliveSince) / SECOND / 86_400);
  return ` 08:00:00 up ${days} days,  1:00,  0 users,  load average: 0.10, 0.10, 0.10`;
}
