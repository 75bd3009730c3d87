import { SECOND } from '../clock/time.ts';
import type { Cloud, Request } from '../cloud.ts';
import type { Host } from '../state/types.ts';
import { servicePayload } from '../wire/resources.ts';

/** nova's `report_interval` and `service_down_time`, in seconds. */
const REPORT_INTERVAL = 10;
const DOWN_TIME = 60;

/** When a service last reported, in whole seconds. */
export function lastSeenUp(cloud: Cloud, host: Host): number {
  const since = Math.floor(host.aliveSince / SECOND);
  if (!host.alive) return since;
  return since + Math.floor((cloud.second - since) / REPORT_INTERVAL) * REPORT_INTERVAL;
}

/** What the API tells as a service's state. */
export function isUp(cloud: Cloud, host: Host): boolean {
  if (host.forcedDown) return false;
  return host.alive || cloud.now - host.aliveSince < DOWN_TIME * SECOND;
}

/** What an operator can change of a service; what is left out stays. */
export interface ServiceChanges {
  readonly disabled?: boolean;
  readonly disabledReason?: string | null;
  readonly forcedDown?: boolean;
}

/** `PUT /os-services/{id}`: sent by the API in the name of the service. Whether it is up is never told. */
export function changeService(cloud: Cloud, request: Request, host: Host, changes: ServiceChanges): void {
  if (changes.disabled !== undefined) host.disabled = changes.disabled;
  if (changes.disabledReason !== undefined) host.disabledReason = changes.disabledReason;
  if (changes.disabled === false) host.disabledReason = null;
  if (changes.forcedDown !== undefined) host.forcedDown = changes.forcedDown;
  host.updatedAt = cloud.now;
  const reportCount = Math.floor((cloud.now - host.createdAt) / SECOND / REPORT_INTERVAL);
  const payload = servicePayload({ host, reportCount, lastSeenUp: lastSeenUp(cloud, host) });
  cloud.emit(request, 'service.update', `nova-compute:${host.name}`, payload);
}
