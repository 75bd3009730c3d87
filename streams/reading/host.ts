import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { REGISTER } from '../../model/registers.ts';
import { type Fields, isFields, quote } from '../decode/envelope.ts';
import { countField, flagField, idField, optionalText, proseOrNull } from '../decode/fields.ts';
import { Undecodable } from '../decode/undecodable.ts';
import { factsOfGone, factsRead, type ReadRegister, type Stamp } from './read.ts';

/** Whether nova shows only that a service exists, since its cell is down (microversion 2.69). */
export function isServiceOfDownCell(service: Fields): boolean {
  return service.status === 'UNKNOWN';
}

/**
 * The facts of a row of `os-services` (microversion 2.53 or later): the service, and whether it is up. Rows of other
 * binaries and of cells that are down claim nothing. Throws Undecodable.
 */
export function factsOfService(service: Fields, stamp: Stamp): Fact[] {
  if (service.binary !== 'nova-compute' || isServiceOfDownCell(service)) return [];
  const status = optionalText(service, 'status');
  const state = optionalText(service, 'state');
  if ((status !== 'enabled' && status !== 'disabled') || (state !== 'up' && state !== 'down'))
    throw new Undecodable('bad-field', `status and state must be known words, are ${quote({ status, state })}`);
  const value = {
    disabled: status === 'disabled',
    disabled_reason: proseOrNull(service, 'disabled_reason'),
    forced_down: service.forced_down === undefined ? false : flagField(service, 'forced_down'),
  };
  const registers: ReadRegister[] = [
    { register: REGISTER.service + idField(service, 'id'), value, updatedAt: null },
    { register: REGISTER.heartbeat, value: { up: state === 'up' }, updatedAt: null },
  ];
  return factsRead(elementKey('host', idField(service, 'host')), registers, stamp);
}

/** The fact that a service row, which the model has, is no longer among those nova has of its host. */
export function factsOfMissingService(host: string, uuid: string, stamp: Stamp): Fact[] {
  return factsOfGone(elementKey('host', host), REGISTER.serviceLife + uuid, stamp);
}

/** Where a hypervisor is found: its host, its node and its uuid, which is that of its resource provider too. */
export interface HypervisorIdentity {
  readonly uuid: string;
  readonly host: string;
  readonly node: string;
}

/** A host may have several nodes (ironic), and none needs to be named like it. Throws Undecodable. */
export function hypervisorIdentity(hypervisor: Fields): HypervisorIdentity {
  const { service } = hypervisor;
  if (!isFields(service)) throw new Undecodable('bad-field', `service must be an object, is ${quote(service)}`);
  return {
    uuid: idField(hypervisor, 'id'),
    host: idField(service, 'host'),
    node: idField(hypervisor, 'hypervisor_hostname'),
  };
}

/** The facts of a hypervisor with its sizes (microversion 2.53 to 2.87). Throws Undecodable. */
export function factsOfHypervisor(hypervisor: Fields, stamp: Stamp): Fact[] {
  const { uuid, host, node } = hypervisorIdentity(hypervisor);
  const value: Value = {
    uuid,
    vcpus: countField(hypervisor, 'vcpus'),
    memory_mb: countField(hypervisor, 'memory_mb'),
    disk_gb: countField(hypervisor, 'local_gb'),
    hypervisor_type: optionalText(hypervisor, 'hypervisor_type'),
  };
  return factsRead(elementKey('host', host), [{ register: REGISTER.inventory + node, value, updatedAt: null }], stamp);
}

/** The facts that a host no longer has a node, nor placement anything of it. */
export function factsOfMissingNode(host: string, node: string, stamp: Stamp): Fact[] {
  const registers = [REGISTER.inventory, REGISTER.provider, REGISTER.claims].map((family) => ({
    register: family + node,
    value: null,
    updatedAt: null,
  }));
  return factsRead(elementKey('host', host), registers, stamp);
}
