import { makeClock } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { LiveModel } from '../../model/live-model.ts';
import { makeRevision } from '../../model/revision.ts';

type Fields = { readonly [key: string]: Value };

/** What is told of an instance: parts of registers, or null for a register nobody told of. */
export interface InstanceTold {
  readonly place?: Fields | null;
  readonly state?: Fields | null;
  readonly flavor?: Fields | null;
  readonly identity?: Fields | null;
  readonly metadata?: Fields | null;
  readonly locked?: Fields | null;
  readonly constraints?: Fields | null;
  readonly migration?: Fields | null;
}

export interface HostTold {
  readonly service?: Fields | null;
  readonly heartbeat?: Fields | null;
  readonly inventory?: Fields | null;
  readonly provider?: Fields | null;
  readonly claims?: Fields | null;
}

/** What is told of hosts, instances, aggregates and groups, by their names. */
export interface Told {
  /** Names of a host's nodes, where they are not one named like it. */
  readonly nodes?: { readonly [host: string]: readonly string[] };
  readonly hosts?: { readonly [name: string]: HostTold };
  readonly instances?: { readonly [uuid: string]: InstanceTold };
  readonly aggregates?: { readonly [uuid: string]: { readonly hosts: readonly string[]; readonly metadata: Fields } };
  readonly groups?: { readonly [uuid: string]: Fields & { readonly members: readonly string[] } };
}

/** What an instance says that asked for nothing when it was placed. */
export const NO_CONSTRAINTS: Fields = { scheduler_hints: {}, image_properties: {}, pinned_zone: null };

/** An ordinary instance, active on `here`. */
const INSTANCE: { readonly [register: string]: Fields } = {
  place: { host: 'here', node: null },
  state: { vm_state: 'active', task_state: null },
  flavor: { name: 'm', vcpus: 2, memory_mb: 1_024, root_gb: 10, ephemeral_gb: 0, swap_mb: 0, extra_specs: {} },
  identity: {
    ...{ name: 'n', hostname: 'n', project_id: 'p', user_id: 'u', image_id: 'image', created_at: null },
    launched_at: null,
  },
  metadata: {},
  locked: { locked: false, reason: null },
  constraints: NO_CONSTRAINTS,
};

const MIGRATION: Fields = {
  ...{ uuid: 'm', id: 7, type: 'live-migration', status: 'running', source_host: 'here', source_node: 'here' },
  ...{ dest_host: 'there', dest_node: 'there' },
};

/** An ordinary host with one node of its name: 10 VCPU twice over, 8 GiB of which one is reserved, 100 GiB. */
const HOST: { readonly [register: string]: Fields } = {
  service: { disabled: false, disabled_reason: null, forced_down: false },
  heartbeat: { up: true },
  inventory: { uuid: 'n', vcpus: 10, memory_mb: 8_192, disk_gb: 100, hypervisor_type: 'QEMU' },
  provider: {
    inventories: {
      VCPU: { total: 10, reserved: 0, allocation_ratio: 2 },
      MEMORY_MB: { total: 8_192, reserved: 1_024, allocation_ratio: 1 },
      DISK_GB: { total: 100, reserved: 0, allocation_ratio: 1 },
    },
    traits: ['HW_CPU_X86_AVX', 'COMPUTE_NODE'],
  },
  claims: { consumers: 0, resources: {} },
};

/** A model of what is told; what is not given is ordinary. Hosts `here` and `there` and instance `i` are always in it. */
export function cloudOf(all: Told): LiveModel {
  const model = new LiveModel();
  const facts: Fact[] = [];
  const hosts: Told['hosts'] = { here: {}, there: {}, ...all.hosts };
  const instances: Told['instances'] = { i: {}, ...all.instances };
  for (const [name, host] of Object.entries(hosts)) hostFacts(facts, name, host, all.nodes?.[name] ?? [name]);
  for (const [uuid, instance] of Object.entries(instances)) {
    const registers = { ...INSTANCE, ...(instance.migration === undefined ? {} : { migration: MIGRATION }) };
    for (const [register, ordinary] of Object.entries(registers))
      tell(facts, `instance/${uuid}`, register, instance[register as keyof InstanceTold], ordinary);
  }
  for (const [uuid, aggregate] of Object.entries(all.aggregates ?? {}))
    tell(facts, `aggregate/${uuid}`, 'aggregate', { id: 1, name: uuid, ...aggregate }, {});
  for (const [uuid, { members, ...group }] of Object.entries(all.groups ?? {})) {
    const ordinary = { name: uuid, policy: 'affinity', max_server_per_host: null, project_id: 'p', user_id: 'u' };
    tell(facts, `server_group/${uuid}`, 'group', group, ordinary);
    for (const member of members) tell(facts, `server_group/${uuid}`, `member/${member}`, undefined, true);
  }
  model.load(facts, makeRevision(1, 1));
  return model;
}

function hostFacts(facts: Fact[], name: string, host: HostTold, nodes: readonly string[]): void {
  tell(facts, `host/${name}`, `service/of-${name}`, host.service, HOST.service ?? {});
  tell(facts, `host/${name}`, 'heartbeat', host.heartbeat, HOST.heartbeat ?? {});
  for (const part of ['inventory', 'provider', 'claims'] as const)
    for (const node of nodes) tell(facts, `host/${name}`, `${part}/${node}`, host[part], HOST[part] ?? {});
}

function tell(facts: Fact[], element: ElementKey, register: string, own: Fields | null | undefined, ordinary: Value) {
  if (own === null) return;
  const value = typeof ordinary === 'object' ? { ...ordinary, ...own } : ordinary;
  facts.push(told(element, register, value, facts.length + 1));
}

/** Something told of an element at a time, by default after everything that {@link cloudOf} tells. */
export function told(element: ElementKey, register: string, value: Value, time = 1_000_000): Fact {
  const cause = { event: 'test', id: String(time), publisher: 'test', time };
  return { element, register, value, cause, clock: makeClock({ updatedAt: 0, tier: 0, time, tie: '00000000' }) };
}
