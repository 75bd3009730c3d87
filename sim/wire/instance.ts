import { isoSecond } from '../clock/time.ts';
import type { Flavor, InstanceRow } from '../state/types.ts';
import { exceptionPayload, type Fault, flavorPayload, pyTime, volumesPayload } from './common.ts';
import { type Field, pyJson, pyString, pyText, versionedObject } from './python-json.ts';

/** What an `instance.*` notification is made of. */
export interface InstanceNotice {
  /** The sender's copy of the row, which may be old. */
  readonly row: InstanceRow;
  /** Null for nova's periodic tasks. */
  readonly requestId: string | null;
  readonly initiatorUser: string | null;
  readonly initiatorProject: string | null;
  /** Whether the sender had the block devices at hand; if not, and unless configured otherwise, they are null. */
  readonly blockDevices: boolean;
  readonly fault?: Fault;
  /** `instance.update`: what was before. */
  readonly old?: { readonly state: string; readonly taskState: string | null; readonly displayName: string | null };
  /** `instance.update`, `instance.exists`: the second it was sent in. */
  readonly sent?: number;
  /** `instance.resize_prep` */
  readonly newFlavor?: Flavor;
}

type Fields = readonly Field<InstanceNotice>[];

const NULL = 'null';

const INSTANCE: Fields = [
  ['uuid', ({ row }) => pyString(row.uuid)],
  ['user_id', ({ row }) => pyString(row.actor.userId)],
  ['tenant_id', ({ row }) => pyString(row.actor.projectId)],
  ['reservation_id', ({ row }) => pyString(row.reservationId)],
  ['display_name', ({ row }) => pyString(row.displayName)],
  ['display_description', ({ row }) => pyText(row.displayDescription)],
  ['host_name', ({ row }) => pyString(row.hostName)],
  ['host', ({ row }) => pyText(row.host)],
  ['node', ({ row }) => pyText(row.node)],
  ['os_type', NULL],
  ['architecture', NULL],
  ['availability_zone', ({ row }) => pyText(row.availabilityZone)],
  ['flavor', ({ row }) => flavorPayload(row.flavor)],
  ['image_uuid', ({ row }) => pyString(row.image?.id ?? '')],
  ['key_name', NULL],
  ['kernel_id', '""'],
  ['ramdisk_id', '""'],
  ['created_at', ({ row }) => pyTime(row.createdAt)],
  ['launched_at', ({ row }) => pyTime(row.launchedAt)],
  ['terminated_at', ({ row }) => pyTime(row.terminatedAt)],
  ['deleted_at', ({ row }) => pyTime(row.deletedAt)],
  ['updated_at', ({ row }) => pyTime(row.updatedAt)],
  ['state', ({ row }) => pyString(row.state)],
  ['power_state', ({ row }) => pyString(row.powerState)],
  ['task_state', ({ row }) => pyText(row.taskState)],
  ['progress', '0'],
  ['ip_addresses', '[]'],
  ['block_devices', (n) => (n.blockDevices ? volumesPayload(n.row.volumes) : 'null')],
  ['metadata', ({ row }) => pyJson(row.metadata)],
  ['locked', ({ row }) => String(row.locked)],
  ['auto_disk_config', '"MANUAL"'],
];

const REQUEST: Fields = [['request_id', (n) => pyText(n.requestId)]];
const FAULT: Fields = [['fault', (n) => (n.fault === undefined ? 'null' : exceptionPayload(n.fault))]];
const END: Fields = [
  ['action_initiator_user', (n) => pyText(n.initiatorUser)],
  ['action_initiator_project', (n) => pyText(n.initiatorProject)],
  ['locked_reason', ({ row }) => pyText(row.lockedReason)],
  ['shares', NULL],
];
const ACTION: Fields = [...FAULT, ...REQUEST, ...INSTANCE, ...END];

const auditPeriod = versionedObject<number>('AuditPeriodPayload', '1.0', [
  ['audit_period_beginning', (sent) => `"${isoSecond(sent).slice(0, 7)}-01T00:00:00Z"`],
  ['audit_period_ending', (sent) => `"${isoSecond(sent)}"`],
]);
const AUDIT: Fields = [['audit_period', (n) => auditPeriod(n.sent ?? 0)]];

const stateUpdate = versionedObject<InstanceNotice>('InstanceStateUpdatePayload', '1.0', [
  ['old_state', (n) => pyString(n.old?.state ?? n.row.state)],
  ['state', ({ row }) => pyString(row.state)],
  // nova fills an old task state of None with the new one.
  ['old_task_state', (n) => pyText(n.old?.taskState ?? n.row.taskState)],
  ['new_task_state', ({ row }) => pyText(row.taskState)],
]);

const UPDATE: Fields = [
  ['state_update', stateUpdate],
  ...AUDIT,
  ['old_display_name', (n) => pyText(n.old?.displayName ?? null)],
  ['tags', ({ row }) => pyJson(row.tags)],
  ...INSTANCE,
  ...REQUEST,
  ...END,
];

const CREATE: Fields = [
  ['keypairs', '[]'],
  ['tags', ({ row }) => pyJson(row.tags)],
  ['trusted_image_certificates', NULL],
  ['instance_name', ({ row }) => `"instance-${row.number.toString(16).padStart(8, '0')}"`],
  ...ACTION,
];

const PREP: Fields = [['new_flavor', (n) => flavorPayload(n.newFlavor ?? n.row.flavor)], ...ACTION];

const update = versionedObject('InstanceUpdatePayload', '2.1', UPDATE);
const exists = versionedObject('InstanceExistsPayload', '2.1', [...AUDIT, ...INSTANCE, ...REQUEST, ...END]);
const create = versionedObject('InstanceCreatePayload', '1.13', CREATE);
const resizePrep = versionedObject('InstanceActionResizePrepPayload', '1.4', PREP);
const rebuild = versionedObject('InstanceActionRebuildPayload', '1.10', [
  ['trusted_image_certificates', NULL],
  ...ACTION,
]);
const rescue = versionedObject('InstanceActionRescuePayload', '1.4', [['rescue_image_ref', NULL], ...ACTION]);
const action = versionedObject('InstanceActionPayload', '1.9', ACTION);

/** Which payload an action has; all others have the plain one. */
const PAYLOADS: Readonly<Record<string, (of: InstanceNotice) => string>> = {
  update,
  exists,
  create,
  resize_prep: resizePrep,
  rebuild,
  rebuild_scheduled: rebuild,
  rescue,
};

/** The payload of `instance.<event>`, such as `create.end`. */
export function instancePayload(event: string, notice: InstanceNotice): string {
  const dot = event.indexOf('.');
  return (PAYLOADS[dot < 0 ? event : event.slice(0, dot)] ?? action)(notice);
}

/** The actions whose senders have the block devices at hand. */
const WITH_BLOCK_DEVICES = new Set([
  'create.start',
  'create.end',
  'create.error',
  'delete.start',
  'delete.end',
  'shutdown.start',
  'shutdown.end',
  'live_migration_pre.start',
  'live_migration_pre.end',
  'live_migration_rollback.start',
  'live_migration_rollback.end',
  'reboot.start',
  'reboot.end',
  'rebuild.end',
  'rebuild.error',
  'resize.start',
  'resize.end',
  'resize_finish.start',
  'resize_finish.end',
  'resize_revert.start',
  'resize_revert.end',
  'resume.start',
  'resume.end',
  'shelve.start',
  'shelve.end',
  'shelve_offload.start',
  'shelve_offload.end',
  'unshelve.start',
  'unshelve.end',
]);

/** Whether `instance.<event>` tells block devices without being configured to. */
export function hasBlockDevices(event: string): boolean {
  return WITH_BLOCK_DEVICES.has(event);
}
