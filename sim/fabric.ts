import { MILLISECOND } from './clock/time.ts';
import type { Fabric } from './cloud.ts';
import type { CloudOptions } from './options.ts';
import { Random } from './random.ts';
import type { Actor, Flavor, Host, Image } from './state/types.ts';

const FLAVORS: readonly Flavor[] = [
  flavor('1', 'm1.tiny', 1, 512, 1),
  flavor('2', 'm1.small', 1, 2048, 20),
  flavor('3', 'm1.medium', 2, 4096, 40),
  flavor('4', 'm1.large', 4, 8192, 80),
  flavor('5', 'm1.xlarge', 8, 16384, 160),
  { ...flavor('6', 'c1.fast', 4, 4096, 20), extraSpecs: { 'trait:HW_CPU_X86_AVX512F': 'required' } },
  { ...flavor('7', 'd1.scratch', 2, 4096, 20), ephemeralGb: 60, swapMb: 2048 },
  { ...flavor('8', 's1.ssd', 2, 4096, 40), extraSpecs: { 'aggregate_instance_extra_specs:ssd': 'true' } },
];

function flavor(flavorid: string, name: string, vcpus: number, memoryMb: number, rootGb: number): Flavor {
  return { flavorid, name, vcpus, memoryMb, rootGb, ephemeralGb: 0, swapMb: 0, extraSpecs: {} };
}

const IMAGES: readonly { name: string; properties: Image['properties'] }[] = [
  { name: 'debian-13', properties: {} },
  { name: 'ubuntu-24.04', properties: {} },
  { name: 'windows-2025', properties: { os_distro: 'windows', hw_machine_type: 'q35' } },
];

/** Kinds of machine: every fourth host is a big one, every third has the newer processor. */
const CORES = [48, 48, 48, 96] as const;
const TRAITS = ['COMPUTE_NODE', 'COMPUTE_TRUSTED_CERTS', 'HW_CPU_X86_AVX2', 'HW_CPU_X86_SSE42'] as const;

const TENANTS = 6;
const ROLES = ['reader', 'member', 'manager', 'admin'];

/** The machines, flavors, images and users of a cloud, the same for the same options. */
export function makeFabric(options: CloudOptions): Fabric {
  const random = new Random(options.seed + 2);
  const digits = Math.max(4, String(options.hosts).length);
  return {
    hosts: Array.from({ length: options.hosts }, (_, i) => makeHost(i, digits, options, random)),
    flavors: FLAVORS,
    images: IMAGES.map((image) => ({ id: random.uuid(), ...image })),
    admin: makeActor('admin', ROLES, random),
    tenants: Array.from({ length: TENANTS }, (_, i) => makeActor(`tenant-${i + 1}`, ROLES.slice(0, 2), random)),
    cellUuid: random.uuid(),
  };
}

function makeActor(name: string, roles: readonly string[], random: Random): Actor {
  return { userId: random.hex(), userName: name, projectId: random.hex(), projectName: name, roles };
}

function makeHost(index: number, digits: number, options: CloudOptions, random: Random): Host {
  const name = `compute-${String(index + 1).padStart(digits, '0')}`;
  const cores = CORES[index % CORES.length] ?? 48;
  const started = options.start * MILLISECOND;
  return {
    name,
    node: `${name}.cloud.example`,
    serviceId: index + 1,
    serviceUuid: random.uuid(),
    nodeUuid: random.uuid(),
    ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
    vcpus: { total: cores, reserved: 0, allocationRatio: 4 },
    memoryMb: { total: cores * 5333, reserved: 4096, allocationRatio: 1 },
    diskGb: { total: cores * 80, reserved: 50, allocationRatio: 1 },
    traits: index % 3 === 0 ? [...TRAITS, 'HW_CPU_X86_AVX512F'] : [...TRAITS],
    createdAt: started,
    disabled: false,
    disabledReason: null,
    forcedDown: false,
    updatedAt: null,
    alive: true,
    aliveSince: started,
    draining: false,
  };
}
