import { isoSecond } from '../clock/time.ts';
import type { Flavor, ServerGroup, Volume } from '../state/types.ts';
import { pyJson, pyString, versionedObject } from './python-json.ts';

/** A time in whole seconds, or null. */
export function pyTime(second: number | null): string {
  return second === null ? 'null' : `"${isoSecond(second)}"`;
}

const NULL = 'null';

const writeFlavor = versionedObject<Flavor>('FlavorPayload', '1.4', [
  ['flavorid', (f) => pyString(f.flavorid)],
  ['memory_mb', (f) => String(f.memoryMb)],
  ['vcpus', (f) => String(f.vcpus)],
  ['root_gb', (f) => String(f.rootGb)],
  ['ephemeral_gb', (f) => String(f.ephemeralGb)],
  ['name', (f) => pyString(f.name)],
  ['swap', (f) => String(f.swapMb)],
  ['rxtx_factor', '1.0'],
  ['vcpu_weight', '0'],
  ['disabled', 'false'],
  ['is_public', 'true'],
  ['extra_specs', (f) => pyJson(f.extraSpecs)],
  ['projects', NULL],
  ['description', NULL],
]);

const flavorTexts = new WeakMap<Flavor, string>();

/** A flavor, written once and kept. */
export function flavorPayload(flavor: Flavor): string {
  let text = flavorTexts.get(flavor);
  if (text === undefined) {
    text = writeFlavor(flavor);
    flavorTexts.set(flavor, text);
  }
  return text;
}

const writeVolume = versionedObject<Volume>('BlockDevicePayload', '1.0', [
  ['device_name', (v) => pyString(v.deviceName)],
  ['boot_index', (v) => (v.bootIndex === null ? 'null' : String(v.bootIndex))],
  ['delete_on_termination', (v) => String(v.deleteOnTermination)],
  ['volume_id', (v) => pyString(v.id)],
  ['tag', NULL],
]);

/** An instance's `block_devices`. */
export function volumesPayload(volumes: readonly Volume[]): string {
  return volumes.length === 0 ? '[]' : `[${volumes.map(writeVolume).join(', ')}]`;
}

/** A server group, and the hosts of its members where nova tells them (only to the scheduler). */
export interface GroupNotice {
  readonly group: ServerGroup;
  readonly hosts: readonly string[] | null;
}

/** A server group. */
export const serverGroupPayload = versionedObject<GroupNotice>('ServerGroupPayload', '1.1', [
  ['uuid', (n) => pyString(n.group.uuid)],
  ['name', (n) => pyString(n.group.name)],
  ['user_id', (n) => pyString(n.group.actor.userId)],
  ['project_id', (n) => pyString(n.group.actor.projectId)],
  ['policies', (n) => pyJson([n.group.policy])],
  ['members', (n) => pyJson(n.group.members)],
  ['hosts', (n) => pyJson(n.hosts)],
  ['policy', (n) => pyString(n.group.policy)],
  ['rules', (n) => pyJson(Object.fromEntries(Object.entries(n.group.rules).map(([k, v]) => [k, String(v)])))],
]);

/** An exception in nova. */
export interface Fault {
  readonly module: string;
  readonly function: string;
  readonly exception: string;
  readonly message: string;
}

/** An exception with a traceback. */
export const exceptionPayload = versionedObject<Fault>('ExceptionPayload', '1.1', [
  ['module_name', (f) => pyString(f.module)],
  ['function_name', (f) => pyString(f.function)],
  ['exception', (f) => pyString(f.exception)],
  ['exception_message', (f) => pyString(f.message)],
  ['traceback', (f) => pyString(traceback(f))],
]);

function traceback(fault: Fault): string {
  const file = fault.module.replaceAll('.', '/');
  return (
    'Traceback (most recent call last):\n' +
    `,  File "/usr/lib/python3/dist-packages/${file}.py", line 214, in ${fault.function}\n` +
    '    return function(self, context, *args, **kwargs)\n' +
    `,${fault.exception}: ${fault.message}\n`
  );
}
