import { isoMicros, SECOND } from '../../clock/time.ts';
import { changeService, isUp, lastSeenUp, type ServiceChanges } from '../../operations/service.ts';
import type { Host } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, forbidden, notFound } from '../errors.ts';
import { flagOf, objectOf, optionalTextOf, textOf } from '../input.ts';
import type { Route } from '../routes.ts';

/** `/os-services` */
export const SERVICE_ROUTES: readonly Route[] = [
  ['GET', '/os-services', list],
  ['PUT', '/os-services/:id', update],
];

function list(call: Call): object {
  const [host, binary] = [call.query.get('host'), call.query.get('binary')];
  const services = [...computeServices(call), ...controllerServices(call)].filter(
    (service) => (host === null || service.host === host) && (binary === null || service.binary === binary),
  );
  return { services };
}

interface ServiceView {
  readonly host: string;
  readonly binary: string;
  readonly [field: string]: unknown;
}

function computeServices(call: Call): ServiceView[] {
  const { cloud, api, version } = call;
  return [...cloud.hosts.values()].flatMap((host) => {
    if (!api.isHostInDownCell(host.name)) return view(call, host);
    return version >= 69 ? { binary: 'nova-compute', host: host.name, status: 'UNKNOWN' } : [];
  });
}

/** A nova-compute as listed and as answered to a change. */
function view(call: Call, host: Host): ServiceView {
  const { cloud, version } = call;
  // The report is the row's last update, unless somebody changed the row since.
  const updated = Math.max(lastSeenUp(cloud, host) * SECOND, host.updatedAt ?? 0);
  return {
    binary: 'nova-compute',
    host: host.name,
    id: version >= 53 ? host.serviceUuid : host.serviceId,
    zone: cloud.aggregates.zoneOf(host),
    status: host.disabled ? 'disabled' : 'enabled',
    state: isUp(cloud, host) ? 'up' : 'down',
    updated_at: isoMicros(updated),
    disabled_reason: host.disabledReason,
    ...(version >= 11 ? { forced_down: host.forcedDown } : {}),
  };
}

const CONTROLLER_BINARIES = ['nova-scheduler', 'nova-conductor'];

function controllerServices(call: Call): ServiceView[] {
  const { cloud, version } = call;
  const { controllers } = cloud.options;
  const names = Array.from({ length: controllers }, (_, i) =>
    controllers === 1 ? 'controller' : `controller-${i + 1}`,
  );
  return names.flatMap((host, i) =>
    CONTROLLER_BINARIES.map((binary, j) => {
      const number = cloud.hosts.size + i * CONTROLLER_BINARIES.length + j + 1;
      const id = version >= 53 ? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` : number;
      return {
        binary,
        host,
        id,
        zone: 'internal',
        status: 'enabled',
        state: 'up',
        updated_at: isoMicros(cloud.now),
        disabled_reason: null,
        ...(version >= 11 ? { forced_down: false } : {}),
      };
    }),
  );
}

/** Since 2.53 a service is named by its uuid; before, the path names what to do and the body the host. */
function update(call: Call): object {
  if (!call.isAdmin) throw forbidden("Policy doesn't allow os_compute_api:os-services:update to be performed.");
  return call.version >= 53 ? updateByUuid(call) : updateByHost(call);
}

function updateByUuid(call: Call): object {
  const id = call.params.id ?? '';
  const host = [...call.cloud.hosts.values()].find(({ serviceUuid }) => serviceUuid === id);
  if (host === undefined) throw notFound(`Service ${id} not found.`);
  const fields = objectOf(call.body, 'body');
  const status = optionalTextOf(fields, 'status');
  const disabledReason = optionalTextOf(fields, 'disabled_reason');
  if (status !== null && status !== 'enabled' && status !== 'disabled') throw badRequest(`Invalid status: ${status}`);
  if (disabledReason !== null && status !== 'disabled') {
    throw badRequest("Specifying 'disabled_reason' when status is 'enabled' is invalid.");
  }
  const changes: ServiceChanges = {
    ...(status === null ? {} : { disabled: status === 'disabled' }),
    ...(status === 'disabled' ? { disabledReason } : {}),
    ...(fields.forced_down === undefined ? {} : { forcedDown: flagOf(fields, 'forced_down') }),
  };
  if (Object.keys(changes).length === 0) {
    throw badRequest("No updates were requested. Fields 'status' or 'forced_down' should be specified.");
  }
  if (changes.forcedDown === false) refuseUnfinishedEvacuations(call, host);
  changeService(call.cloud, call.request, host, changes);
  return { service: view(call, host) };
}

const BY_HOST: Readonly<Record<string, (call: Call) => ServiceChanges>> = {
  enable: () => ({ disabled: false }),
  disable: () => ({ disabled: true, disabledReason: null }),
  'disable-log-reason': (call) => ({
    disabled: true,
    disabledReason: textOf(objectOf(call.body, 'body'), 'disabled_reason'),
  }),
  'force-down': (call) => ({ forcedDown: flagOf(objectOf(call.body, 'body'), 'forced_down') }),
};

function updateByHost(call: Call): object {
  const id = call.params.id ?? '';
  const changesOf = Object.hasOwn(BY_HOST, id) ? BY_HOST[id] : undefined;
  if (changesOf === undefined) throw notFound('Unknown action');
  const fields = objectOf(call.body, 'body');
  const [name, binary] = [textOf(fields, 'host'), textOf(fields, 'binary')];
  const host = call.cloud.hosts.get(name);
  if (host === undefined || binary !== 'nova-compute')
    throw notFound(`Could not find binary ${binary} on host ${name}.`);
  const changes = changesOf(call);
  if (changes.forcedDown === false) refuseUnfinishedEvacuations(call, host);
  changeService(call.cloud, call.request, host, changes);
  if (changes.forcedDown !== undefined) return { service: { host: name, binary, forced_down: changes.forcedDown } };
  const reason = changes.disabledReason == null ? {} : { disabled_reason: changes.disabledReason };
  return { service: { host: name, binary, status: changes.disabled === true ? 'disabled' : 'enabled', ...reason } };
}

/** A host whose guests were evacuated may not be forced up before its nova-compute has come back and seen to them. */
function refuseUnfinishedEvacuations(call: Call, host: Host): void {
  for (const migration of call.cloud.migrations.all()) {
    if (migration.type === 'evacuation' && migration.source === host && migration.status === 'done') {
      throw badRequest(
        `Unable to force up host ${host.name} as \`done\` evacuation migration records remain associated with the host.`,
      );
    }
  }
}
