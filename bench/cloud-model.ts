import { makeClock } from '../model/clock.ts';
import type { ElementKey } from '../model/element.ts';
import type { Cause, Fact, Value } from '../model/fact.ts';
import { LiveModel } from '../model/live-model.ts';
import { makeRevision } from '../model/revision.ts';

/** Facts that are loaded at once. */
const PORTION = 10_000;
const CORES = 64;
const FLAVORS: readonly Value[] = [1, 2, 2, 4].map((vcpus) => ({
  ...{ name: `m${vcpus}`, vcpus, memory_mb: vcpus * 2_048, root_gb: 20, ephemeral_gb: 0, swap_mb: 0, extra_specs: {} },
}));

/** How large a cloud is. */
export interface Scale {
  readonly hosts: number;
  readonly instances: number;
}

/** Names of the n-th host and instance of {@link cloudModel}. */
export const hostName = (n: number): string => `compute-${n}`;
export const instanceUuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/**
 * A model in which everything is known that strategies ask for: instances evenly on hosts, of forty on each one locked and
 * two stopped, and one in fifty in an anti-affinity group of three. Instance n is on host n modulo hosts.
 */
export function cloudModel(scale: Scale): LiveModel {
  const model = new LiveModel();
  for (const facts of cloudFacts(scale)) model.load(facts, makeRevision(1, 1));
  return model;
}

/** The same as facts, in portions. */
export function* cloudFacts(scale: Scale): Iterable<Fact[]> {
  let facts: Fact[] = [];
  for (const fact of everything(scale)) {
    facts.push(fact);
    if (facts.length < PORTION) continue;
    yield facts;
    facts = [];
  }
  yield facts;
}

const CAUSE: Cause = { event: 'bench', id: 'bench', publisher: 'bench', time: 1 };
const CLOCK = makeClock({ updatedAt: 0, tier: 0, time: 1, tie: '00000000' });

function* everything({ hosts, instances }: Scale): Iterable<Fact> {
  for (let n = 0; n < hosts; n++) yield* hostFacts(hostName(n), instances / hosts);
  for (let n = 0; n < instances; n++) {
    const host = hostName(n % hosts);
    yield* told(`instance/${instanceUuid(n)}`, instanceRegisters(Math.floor(n / hosts), host));
  }
  for (let n = 0; n + 2 < instances; n += 150) {
    const group = {
      name: `group-${n}`,
      policy: 'anti-affinity',
      max_server_per_host: null,
      project_id: 'p',
      user_id: 'u',
    };
    const members = [n, n + 1, n + 2].map((member) => [`member/${instanceUuid(member)}`, true] as const);
    yield* told(`server_group/${instanceUuid(n)}`, { group, ...Object.fromEntries(members) });
  }
}

/** What is told of a host besides its instances. */
export function hostFacts(name: string, instances: number): Fact[] {
  return [...told(`host/${name}`, hostRegisters(name, instances))];
}

function* told(element: ElementKey, registers: { readonly [register: string]: Value }): Iterable<Fact> {
  for (const [register, value] of Object.entries(registers))
    yield { element, register, value, clock: CLOCK, cause: CAUSE };
}

function hostRegisters(name: string, instances: number): { readonly [register: string]: Value } {
  const inventory = (total: number, allocation_ratio: number): Value => ({ total, reserved: 0, allocation_ratio });
  return {
    [`service/of-${name}`]: { disabled: false, disabled_reason: null, forced_down: false },
    heartbeat: { up: true },
    [`inventory/${name}`]: { uuid: name, vcpus: CORES, memory_mb: 524_288, disk_gb: 10_000, hypervisor_type: 'QEMU' },
    [`provider/${name}`]: {
      inventories: { VCPU: inventory(CORES, 4), MEMORY_MB: inventory(524_288, 1), DISK_GB: inventory(10_000, 1) },
      traits: ['COMPUTE_NODE', 'HW_CPU_X86_AVX2'],
    },
    [`claims/${name}`]: { consumers: instances, resources: {} },
  };
}

/** The n-th on its host. */
function instanceRegisters(n: number, host: string): { readonly [register: string]: Value } {
  const name = `vm-${n}-of-${host}`;
  return {
    place: { host, node: host },
    state: { vm_state: n % 20 === 0 ? 'stopped' : 'active', task_state: null },
    flavor: FLAVORS[n % FLAVORS.length] ?? null,
    identity: {
      ...{ name, hostname: name, project_id: `project-${n % 100}`, user_id: 'u', image_id: 'image' },
      ...{ created_at: null, launched_at: null },
    },
    metadata: {},
    locked: { locked: n % 40 === 39, reason: null },
    constraints: { scheduler_hints: {}, image_properties: {}, pinned_zone: null },
  };
}
