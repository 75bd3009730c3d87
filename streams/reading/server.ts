import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import { type Fields, isFields, quote } from '../decode/envelope.ts';
import { countField, flagField, idField, idList, isId, optionalText, proseOrNull, textMap } from '../decode/fields.ts';
import { normalTime, parseTime } from '../decode/time.ts';
import { Undecodable } from '../decode/undecodable.ts';
import { constraintsOf } from './constraints.ts';
import { factsOfGone, factsRead, type ReadRegister, type Stamp } from './read.ts';

const MICROS_PER_SECOND = 1_000_000;

/** nova's numbers for power states, by the words its notifications use. Source: nova/objects/fields.py. */
const POWER: ReadonlyMap<unknown, string> = new Map([
  [0, 'pending'],
  [1, 'running'],
  [3, 'paused'],
  [4, 'shutdown'],
  [6, 'crashed'],
  [7, 'suspended'],
]);

/** Whether nova shows only that a server exists, since its cell is down. */
export function isOfDownCell(server: Fields): boolean {
  return server.status === 'UNKNOWN';
}

/**
 * The facts of a server as nova's API shows it to an administrator (microversion 2.47 or later, so that the flavor is in
 * it). Fields that an older microversion leaves out claim nothing; a server of a cell that is down claims nothing at all.
 * A deleted one (as `changes-since` lists them) is a tombstone. Throws Undecodable.
 */
export function factsOfServer(server: Fields, stamp: Stamp): Fact[] {
  if (isOfDownCell(server)) return [];
  const uuid = idField(server, 'id');
  if (server['OS-EXT-STS:vm_state'] === 'deleted') {
    const life = { register: REGISTER.life, value: true, updatedAt: rowVersion(server, stamp) };
    return factsRead(elementKey('instance', uuid), [life], stamp);
  }
  if (server['OS-EXT-SRV-ATTR:host'] === undefined)
    throw new Undecodable('bad-field', 'the host of the server is not shown: this needs the admin role');
  const updatedAt = rowVersion(server, stamp);
  const row = (register: string, value: Value): ReadRegister => ({ register, value, updatedAt });
  const registers: ReadRegister[] = [
    row(REGISTER.place, {
      host: optionalText(server, 'OS-EXT-SRV-ATTR:host') || null,
      node: optionalText(server, 'OS-EXT-SRV-ATTR:hypervisor_hostname') || null,
    }),
    row(REGISTER.state, {
      vm_state: optionalText(server, 'OS-EXT-STS:vm_state'),
      task_state: optionalText(server, 'OS-EXT-STS:task_state'),
    }),
    row(REGISTER.power, POWER.get(server['OS-EXT-STS:power_state']) ?? null),
    row(REGISTER.identity, identityOf(server)),
    row(REGISTER.metadata, textMap(server, 'metadata')),
  ];
  // Of a server on a host nova shows the host's zone, as it was up to an hour ago: not the one noted for the server itself.
  if (!server['OS-EXT-SRV-ATTR:host'])
    registers.push(row(REGISTER.zone, optionalText(server, 'OS-EXT-AZ:availability_zone') || null));
  if (isFields(server.flavor) && server.flavor.vcpus !== undefined)
    registers.push(row(REGISTER.flavor, flavorOf(server.flavor)));
  if (Array.isArray(server.tags)) registers.push(row(REGISTER.tags, idList(server, 'tags')));
  if (server.locked !== undefined) {
    const value = { locked: flagField(server, 'locked'), reason: proseOrNull(server, 'locked_reason') };
    registers.push(row(REGISTER.locked, value));
  }
  const volumes = server['os-extended-volumes:volumes_attached'];
  if (Array.isArray(volumes)) {
    const ids = volumes.map((volume) => (isFields(volume) ? volume.id : null)).filter(isId);
    registers.push({ register: REGISTER.volumes, value: ids.sort(), updatedAt: null });
  }
  const domain = optionalText(server, 'OS-EXT-SRV-ATTR:instance_name');
  if (domain) registers.push({ register: REGISTER.domain, value: domain, updatedAt: null });
  registers.push({ register: REGISTER.constraints, value: constraintsOf(server), updatedAt: null });
  return factsRead(elementKey('instance', uuid), registers, stamp);
}

/** The facts of a server that nova says is not there: it is gone for good. */
export function factsOfMissingServer(uuid: string, stamp: Stamp): Fact[] {
  return factsOfGone(elementKey('instance', uuid), REGISTER.life, stamp);
}

/**
 * The row's `updated_at` in whole seconds. nova shows the present moment for a row that was never saved: a server still
 * building nowhere whose time lies within the request counts as never saved.
 */
function rowVersion(server: Fields, { sent, received }: Stamp): number {
  const updated = parseTime(optionalText(server, 'updated') ?? '');
  if (Number.isNaN(updated)) throw new Undecodable('bad-field', `updated must be a time, is ${quote(server.updated)}`);
  const unsaved =
    server['OS-EXT-STS:vm_state'] === 'building' &&
    !server['OS-EXT-SRV-ATTR:host'] &&
    updated >= sent - MICROS_PER_SECOND &&
    updated <= Math.max(received, sent) + MICROS_PER_SECOND;
  return unsaved ? 0 : Math.floor(updated / MICROS_PER_SECOND);
}

function identityOf(server: Fields): Value {
  return {
    name: optionalText(server, 'name'),
    hostname: optionalText(server, 'OS-EXT-SRV-ATTR:hostname'),
    project_id: optionalText(server, 'tenant_id'),
    user_id: optionalText(server, 'user_id'),
    image_id: isFields(server.image) ? idField(server.image, 'id') : null,
    created_at: normalTime(optionalText(server, 'created')),
    launched_at: normalTime(optionalText(server, 'OS-SRV-USG:launched_at')),
  };
}

function flavorOf(flavor: Fields): Value {
  return {
    name: optionalText(flavor, 'original_name') ?? '',
    vcpus: countField(flavor, 'vcpus'),
    memory_mb: countField(flavor, 'ram'),
    root_gb: countField(flavor, 'disk'),
    ephemeral_gb: countField(flavor, 'ephemeral'),
    swap_mb: countField(flavor, 'swap'),
    extra_specs: isFields(flavor.extra_specs) ? textMap(flavor, 'extra_specs') : {},
  };
}
