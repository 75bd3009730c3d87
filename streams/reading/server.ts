import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import { type Fields, isFields, quote } from '../decode/envelope.ts';
import { countField, flagField, idField, idList, isId, optionalText, proseOrNull, textMap } from '../decode/fields.ts';
import { normalTime, parseTime } from '../decode/time.ts';
import { Undecodable } from '../decode/undecodable.ts';
import { factsRead, type Reading, type ReadRegister } from './read.ts';

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

/**
 * The facts of a server as nova's API shows it to an administrator (microversion 2.47 or later, so that the flavor is in
 * it). Fields that an older microversion leaves out claim nothing. `received` and `now` in µs. Throws Undecodable.
 */
export function factsOfServer(server: Fields, reading: Reading, received: number, now: number): Fact[] {
  const updatedAt = rowVersion(server, reading, received);
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
    row(REGISTER.zone, optionalText(server, 'OS-EXT-AZ:availability_zone')),
    row(REGISTER.metadata, textMap(server, 'metadata')),
  ];
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
    registers.push({ register: REGISTER.volumes, value: ids.sort(), updatedAt: 0 });
  }
  return factsRead(elementKey('instance', idField(server, 'id')), registers, reading, now);
}

/** The facts of a server that nova answers 404 for: it is gone. */
export function factsOfMissingServer(uuid: string, reading: Reading, now: number): Fact[] {
  return factsRead(
    elementKey('instance', uuid),
    [{ register: REGISTER.life, value: true, updatedAt: 0 }],
    reading,
    now,
  );
}

/**
 * The row's `updated_at` in whole seconds. nova shows the present moment for a row that was never saved: a server still
 * building nowhere whose time lies within the request counts as never saved.
 */
function rowVersion(server: Fields, reading: Reading, received: number): number {
  const updated = parseTime(optionalText(server, 'updated') ?? '');
  if (Number.isNaN(updated)) throw new Undecodable('bad-field', `updated must be a time, is ${quote(server.updated)}`);
  const unsaved =
    server['OS-EXT-STS:vm_state'] === 'building' &&
    !server['OS-EXT-SRV-ATTR:host'] &&
    updated >= reading.sent - MICROS_PER_SECOND &&
    updated <= reading.sent + Math.max(received - reading.sent, 0) + MICROS_PER_SECOND;
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
