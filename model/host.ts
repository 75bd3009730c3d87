import type { Clock } from './clock.ts';
import type { Registers } from './held.ts';
import { read } from './instance.ts';
import { type Claims, type Heartbeat, type Inventory, type Provider, REGISTER, type Service } from './registers.ts';
import { addTotals, NO_TOTALS, type Totals } from './totals.ts';

/** A host: the compute service of one name and the hypervisor nodes it manages (one, except with ironic). */
export interface Host {
  readonly name: string;
  /** The service row now in force; null when the host is only known as the place of an instance. */
  readonly service: (Service & { readonly uuid: string }) | null;
  /** Whether nova counts the service as up; null when nobody asked nova yet. */
  readonly up: boolean | null;
  readonly nodes: readonly Node[];
}

/** A hypervisor node; what placement holds of it is null when it has no provider there, or was never asked. */
export interface Node extends Inventory {
  readonly name: string;
  readonly provider: Provider | null;
  readonly claims: Claims | null;
}

const NO_NODES: readonly Node[] = Object.freeze([]);

/** A host that only instances name. */
export function unknownHost(name: string): Host {
  return Object.freeze({ name, service: null, up: null, nodes: NO_NODES });
}

/** Whether more is known of a host than its name. */
export function isKnown({ service, up, nodes }: Host): boolean {
  return service !== null || up !== null || nodes.length > 0;
}

export function hostFrom(name: string, registers: Registers): Host {
  const nodes: Node[] = [];
  for (const [node, { value }] of registers.family(REGISTER.inventory)) {
    if (value === null) continue;
    const own = {
      ...(value as Inventory),
      name: node,
      provider: read<Provider>(registers, REGISTER.provider + node),
      claims: read<Claims>(registers, REGISTER.claims + node),
    };
    nodes.push(Object.freeze(own));
  }
  nodes.sort((a, b) => (a.name < b.name ? -1 : 1));
  const heartbeat = read<Heartbeat>(registers, REGISTER.heartbeat);
  const service = serviceOf(registers);
  return Object.freeze({ name, service, up: heartbeat?.up ?? null, nodes: Object.freeze(nodes) });
}

/**
 * What is claimed of a host in placement: unlike what runs there it has both ends of a move. Null when placement was not
 * asked for any of its nodes. `instances` counts consumers.
 */
export function claimedOn(host: Host): Totals | null {
  const told = host.nodes.flatMap(({ claims }) => (claims === null ? [] : [totalsOf(claims)]));
  return told.length === 0 ? null : told.reduce(addTotals, NO_TOTALS);
}

function totalsOf({ consumers, resources }: Claims): Totals {
  return {
    instances: consumers,
    vcpus: (resources.VCPU ?? 0) + (resources.PCPU ?? 0),
    memory_mb: resources.MEMORY_MB ?? 0,
    disk_gb: resources.DISK_GB ?? 0,
  };
}

/** Whether a host's every known service was deleted: then it is gone until a service with a new uuid appears. */
export function isHostGone(registers: Registers): boolean {
  return serviceOf(registers) === null && registers.family(REGISTER.serviceLife).length > 0;
}

/** When the last of a host's services was told to be deleted, as the clock of that; null when the host is not gone. */
export function hostGoneSince(registers: Registers): Clock | null {
  if (!isHostGone(registers)) return null;
  let latest: Clock | null = null;
  for (const [, { clock }] of registers.family(REGISTER.serviceLife))
    if (latest === null || latest < clock) latest = clock;
  return latest;
}

/** Of the service rows that were not deleted the one last spoken of; of two in one breath that of the greater uuid. */
export function serviceOf(registers: Registers): (Service & { readonly uuid: string }) | null {
  let latest: { uuid: string; said: string; value: Service } | null = null;
  for (const [uuid, { value, clock }] of registers.family(REGISTER.service)) {
    if (registers.value(REGISTER.serviceLife + uuid) === true) continue;
    const said = clock + uuid;
    if (latest === null || latest.said < said) latest = { uuid, said, value: value as Service };
  }
  return latest === null ? null : Object.freeze({ ...latest.value, uuid: latest.uuid });
}
