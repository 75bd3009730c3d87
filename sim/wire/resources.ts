import type { Aggregate, Host } from '../state/types.ts';
import { pyTime } from './common.ts';
import { pyJson, pyString, pyText, versionedObject } from './python-json.ts';

/** A service's row as `service.*` tells it. */
export interface ServiceNotice {
  readonly host: Host;
  readonly reportCount: number;
  /** The second of its last report; null before the first. */
  readonly lastSeenUp: number | null;
}

/** The payload of `service.*`. */
export const servicePayload = versionedObject<ServiceNotice>('ServiceStatusPayload', '1.1', [
  ['host', (n) => pyString(n.host.name)],
  ['binary', '"nova-compute"'],
  ['topic', '"compute"'],
  ['report_count', (n) => String(n.reportCount)],
  ['disabled', (n) => String(n.host.disabled)],
  ['disabled_reason', (n) => pyText(n.host.disabledReason)],
  ['availability_zone', 'null'],
  ['last_seen_up', (n) => pyTime(n.lastSeenUp)],
  ['forced_down', (n) => String(n.host.forcedDown)],
  ['version', '74'],
  ['uuid', (n) => pyString(n.host.serviceUuid)],
]);

/** An aggregate as `aggregate.*` tells it; before it is created it has no id and no hosts. */
export interface AggregateNotice {
  readonly aggregate: Aggregate;
  readonly created: boolean;
}

/** The payload of `aggregate.*`. */
export const aggregatePayload = versionedObject<AggregateNotice>('AggregatePayload', '1.1', [
  ['id', (n) => (n.created ? String(n.aggregate.id) : 'null')],
  ['uuid', (n) => pyString(n.aggregate.uuid)],
  ['name', (n) => pyString(n.aggregate.name)],
  ['hosts', (n) => (n.created ? pyJson(n.aggregate.hosts) : 'null')],
  ['metadata', (n) => pyJson(n.aggregate.metadata)],
]);
