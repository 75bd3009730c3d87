import type { ResourceKind } from '../../model/metrics/sample.ts';
import type { View } from '../../model/view.ts';
import type { ElementNames } from './element-names.ts';
import type { Labels } from './measurement.ts';

/** The element that labels name, or why there is none. */
export type Named = { readonly resource: string } | 'unmapped' | 'ambiguous';

/** Which host or instance of the model a measurement is of. */
export interface Naming {
  /** How many vCPUs an instance has; null while that is not known. */
  vcpus(instance: string): number | null;
  find(labels: Labels, kind: ResourceKind): Named;
}

/** Labels that may name an element of a kind, the most telling first. docs/operations/metrics.md lists them from here. */
export const NAMING_LABELS: Readonly<Record<ResourceKind, readonly string[]>> = {
  instance: [
    ...['uuid', 'instance_uuid', 'instance_id', 'vm_uuid', 'server_id', 'resource', 'resource_id'],
    ...['vm_instance', 'domain', 'instance_name'],
  ],
  host: [
    ...['host', 'hostname', 'fqdn', 'hypervisor_hostname', 'nodename', 'node', 'resource', 'resource_id'],
    ...['exported_instance', 'instance'],
  ],
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
/** An exporter's address: what stands before its port. */
const PORT = /:\d{1,5}$/;

/** Finds elements in the live model by what exporters call them. */
export class ModelNaming implements Naming {
  readonly #model: View;
  readonly #names: ElementNames;

  constructor(model: View, names: ElementNames) {
    this.#model = model;
    this.#names = names;
  }

  vcpus(instance: string): number | null {
    return this.#model.instance(instance)?.flavor?.vcpus ?? null;
  }

  find(labels: Labels, kind: ResourceKind): Named {
    let failure: 'unmapped' | 'ambiguous' = 'unmapped';
    for (const label of NAMING_LABELS[kind]) {
      const name = labels[label];
      if (name === undefined) continue;
      const named = kind === 'host' ? this.#host(name) : this.#instance(name, labels);
      if (typeof named !== 'string') return named;
      if (named === 'ambiguous') failure = named;
    }
    return failure;
  }

  #host(text: string): Named {
    const name = text.replace(PORT, '').replace(/^\[(.*)\]$/, '$1');
    const host = this.#model.host(name);
    if (host !== undefined) return { resource: host.name };
    const named = only(this.#names.hosts(name));
    // Ceilometer calls a hypervisor `<host>_<node>`.
    const joint = name.indexOf('_');
    return named === 'unmapped' && joint > 0 ? this.#host(name.slice(0, joint)) : named;
  }

  #instance(name: string, labels: Labels): Named {
    const exact = this.#model.instance(name);
    if (exact !== undefined) return { resource: exact.uuid };
    // Ceilometer calls a port of an instance `<domain>-<uuid>-<device>`.
    const uuid = UUID.exec(name)?.[0].toLowerCase();
    const within = uuid === undefined ? undefined : this.#model.instance(uuid);
    if (within !== undefined) return { resource: within.uuid };
    const called = this.#names.instances(name);
    return called.size > 1 ? this.#onHost(called, labels) : only(called);
  }

  /** Each cell counts its instances for itself, so that only the host tells two of one name apart. */
  #onHost(uuids: ReadonlySet<string>, labels: Labels): Named {
    const host = this.find(labels, 'host');
    if (typeof host === 'string') return 'ambiguous';
    const there = [...uuids].filter((uuid) => this.#model.instance(uuid)?.place?.host === host.resource);
    const [resource] = there;
    return resource === undefined || there.length > 1 ? 'ambiguous' : { resource };
  }
}

function only(found: ReadonlySet<string>): Named {
  const [resource] = found;
  if (resource === undefined) return 'unmapped';
  return found.size === 1 ? { resource } : 'ambiguous';
}
