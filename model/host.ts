import { read } from './instance.ts';
import type { Registers } from './join.ts';
import { type Heartbeat, type Inventory, REGISTER, type Service } from './registers.ts';

/** A host: the compute service of one name and the hypervisor nodes it manages (one, except with ironic). */
export interface Host {
  readonly name: string;
  /** The service row now in force; null when the host is only known as the place of an instance. */
  readonly service: (Service & { readonly uuid: string }) | null;
  /** Whether nova counts the service as up; null when nobody asked nova yet. */
  readonly up: boolean | null;
  readonly nodes: readonly Node[];
}

export interface Node extends Inventory {
  readonly name: string;
}

/** A host that only instances name. */
export function unknownHost(name: string): Host {
  return Object.freeze({ name, service: null, up: null, nodes: [] });
}

export function hostFrom(name: string, registers: Registers): Host {
  const nodes: Node[] = [];
  for (const [register, fact] of registers) {
    if (!register.startsWith(REGISTER.inventory) || fact.value === null) continue;
    nodes.push({ ...(fact.value as Inventory), name: register.slice(REGISTER.inventory.length) } as Node);
  }
  nodes.sort((a, b) => (a.name < b.name ? -1 : 1));
  const heartbeat = read<Heartbeat>(registers, REGISTER.heartbeat);
  return Object.freeze({ name, service: currentService(registers), up: heartbeat?.up ?? null, nodes });
}

/** Whether a host's every known service was deleted: then it is gone until a service with a new uuid appears. */
export function isHostGone(registers: Registers): boolean {
  return (
    currentService(registers) === null && [...registers.keys()].some((name) => name.startsWith(REGISTER.serviceLife))
  );
}

/** Of the service rows that were not deleted the one last spoken of. */
function currentService(registers: Registers): (Service & { readonly uuid: string }) | null {
  let latest: { uuid: string; clock: string; value: Service } | null = null;
  for (const [register, fact] of registers) {
    if (!register.startsWith(REGISTER.service)) continue;
    const uuid = register.slice(REGISTER.service.length);
    if (registers.get(REGISTER.serviceLife + uuid)?.value === true) continue;
    if (latest === null || latest.clock < fact.clock)
      latest = { uuid, clock: fact.clock, value: fact.value as Service };
  }
  return latest === null ? null : { ...latest.value, uuid: latest.uuid };
}
