import { type TProperties, Type } from 'typebox';
import type { Host, Node } from '../../../model/host.ts';
import { type Instance, usageOf } from '../../../model/instance.ts';
import type { ModelChange } from '../../../model/live-model.ts';
import type { View } from '../../../model/view.ts';
import type { ServiceState } from '../../service-state.ts';

type Fields<T extends readonly unknown[]> = { readonly [name: string]: (...from: T) => unknown };

/** What a row says of a node. Capacities are those of placement, where it was asked. */
const NODE: Fields<[Node, Host]> = {
  node_uuid: ({ uuid }) => uuid,
  node_hostname: ({ name }) => name,
  node_status: (_, { service }) => (service?.disabled === true ? 'disabled' : 'enabled'),
  node_disabled_reason: (_, { service }) => service?.disabled_reason ?? null,
  node_state: (_, { up }) => (up === false ? 'down' : 'up'),
  node_memory: (node) => capacity(node, 'MEMORY_MB').total ?? node.memory_mb,
  node_memory_mb_reserved: (node) => capacity(node, 'MEMORY_MB').reserved ?? 0,
  node_memory_ratio: (node) => capacity(node, 'MEMORY_MB').allocation_ratio ?? 1,
  node_disk: (node) => capacity(node, 'DISK_GB').total ?? node.disk_gb,
  node_disk_gb_reserved: (node) => capacity(node, 'DISK_GB').reserved ?? 0,
  node_disk_ratio: (node) => capacity(node, 'DISK_GB').allocation_ratio ?? 1,
  node_vcpus: (node) => capacity(node, 'VCPU').total ?? node.vcpus,
  node_vcpu_reserved: (node) => capacity(node, 'VCPU').reserved ?? 0,
  node_vcpu_ratio: (node) => capacity(node, 'VCPU').allocation_ratio ?? 1,
};

/** What a row says of a server. What was never told is empty or nothing, as clients expect the types. */
const SERVER: Fields<[Instance, boolean]> = {
  server_uuid: ({ uuid }) => uuid,
  server_name: ({ identity }) => identity?.name ?? '',
  server_state: ({ state }) => state?.vm_state ?? null,
  server_project_id: ({ identity }) => identity?.project_id ?? null,
  server_memory: (instance) => usageOf(instance).memory_mb,
  server_disk: (instance) => usageOf(instance).disk_gb,
  server_vcpus: (instance) => usageOf(instance).vcpus,
  server_metadata: ({ metadata }) => metadata ?? {},
  server_locked: ({ locked }) => locked?.locked ?? false,
  server_watcher_exclude: (_, excluded) => excluded,
};

/** What a later version adds. */
const EXTENDED: Fields<[Instance]> = {
  server_pinned_az: ({ constraints }) => constraints?.pinned_zone ?? '',
  server_flavor_extra_specs: ({ flavor }) => flavor?.extra_specs ?? {},
};

function capacity(node: Node, resource: string): Partial<NonNullable<Node['provider']>['inventories'][string]> {
  return node.provider?.inventories[resource] ?? {};
}

/** A row's fields, for the description of the API. */
export const ROW_PROPERTIES: TProperties = Object.fromEntries(
  [...Object.keys(NODE), ...Object.keys(SERVER), ...Object.keys(EXTENDED)].map((name) => [name, Type.Unknown()]),
);

/** What an audit may touch, as far as rows tell. */
export interface Shown {
  hasHost(name: string): boolean;
  hasInstance(uuid: string): boolean;
}

const EVERYTHING: Shown = { hasHost: () => true, hasInstance: () => true };

/**
 * The model as rows, one for each server beside its node, and one for a node without servers. Written as JSON host by host, and
 * kept until something on the host changes, so that a large cloud is not written anew for each request.
 */
export class DataModelRows {
  readonly #model: View;
  /** By host. */
  readonly #basic = new Map<string, Buffer>();
  readonly #extended = new Map<string, Buffer>();

  constructor({ model, feed$ }: Pick<ServiceState, 'model' | 'feed$'>) {
    this.#model = model;
    feed$.subscribe((item) => {
      if (item.kind === 'resync') this.#forgetAll();
      else for (const change of item.changes) this.#forget(change);
    });
  }

  /** The JSON of all rows, separated by commas, in pieces. */
  write(extended: boolean, shown: Shown | null): readonly Buffer[] {
    const pieces: Buffer[] = [];
    for (const host of this.#model.hosts()) {
      if (host.nodes.length === 0 || shown?.hasHost(host.name) === false) continue;
      if (pieces.length > 0) pieces.push(COMMA);
      pieces.push(shown === null ? this.#kept(host, extended) : this.#written(host, extended, shown));
    }
    return pieces;
  }

  #kept(host: Host, extended: boolean): Buffer {
    const kept = extended ? this.#extended : this.#basic;
    let text = kept.get(host.name);
    if (text === undefined) {
      text = this.#written(host, extended, EVERYTHING);
      kept.set(host.name, text);
    }
    return text;
  }

  #written(host: Host, extended: boolean, shown: Shown): Buffer {
    return written(host, [...this.#model.instancesOn(host.name)], extended, shown);
  }

  #forget({ kind, id, before, after }: ModelChange): void {
    const hosts = kind === 'host' ? [id] : kind === 'instance' ? [hostOf(before), hostOf(after)] : [];
    for (const host of hosts) {
      this.#basic.delete(host);
      this.#extended.delete(host);
    }
  }

  #forgetAll(): void {
    this.#basic.clear();
    this.#extended.clear();
  }
}

const COMMA = Buffer.from(',');

function hostOf(instance: ModelChange['before']): string {
  return (instance as Instance | null)?.place?.host ?? '';
}

function written(host: Host, instances: readonly Instance[], extended: boolean, shown: Shown): Buffer {
  const rows = host.nodes.flatMap((node) => {
    const fields = JSON.stringify(read(NODE, node, host)).slice(0, -1);
    const its = instances.filter(({ place }) => isOn(place?.node ?? null, node, host));
    if (its.length === 0) return [`${fields}}`];
    return its.map((instance) => `${fields},${serverFields(instance, extended, shown)}`);
  });
  return Buffer.from(rows.join(','));
}

/** An instance whose node nobody told is on the host's only node. */
function isOn(node: string | null, { name }: Node, host: Host): boolean {
  return node === name || (host.nodes.length === 1 && !host.nodes.some((other) => other.name === node));
}

function serverFields(instance: Instance, extended: boolean, shown: Shown): string {
  const fields = read(SERVER, instance, !shown.hasInstance(instance.uuid));
  return JSON.stringify(extended ? { ...fields, ...read(EXTENDED, instance) } : fields).slice(1);
}

function read<T extends readonly unknown[]>(fields: Fields<T>, ...from: T): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name in fields) values[name] = fields[name]?.(...from);
  return values;
}
