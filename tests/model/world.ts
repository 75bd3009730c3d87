import fc from 'fast-check';
import { makeClock } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { Registers } from '../../model/held.ts';
import { joinFacts } from '../../model/join.ts';
import { makeRevision } from '../../model/revision.ts';
import type { Change } from '../../model/store.ts';

/** A small cloud, so that facts meet. Some names are those of prototypes. */
export const UUIDS = ['i0', 'i1', 'i2', 'constructor'] as const;
export const HOSTS = ['h0', 'h1', 'h2', '__proto__'] as const;
export const PROJECTS = ['p0', 'toString'] as const;
const VOLUMES = ['v0', 'v1', 'v2'] as const;
const SERVICES = ['s0', 's1'] as const;

const flavor = (name: string, vcpus: number, root_gb: number, ephemeral_gb: number, swap_mb: number): Value => ({
  ...{ name, vcpus, memory_mb: vcpus * 1_000, root_gb, ephemeral_gb, swap_mb },
  extra_specs: {},
});
const identity = (project_id: string | null, image_id: string | null): Value => ({
  ...{ name: 'n', hostname: 'n', project_id, user_id: 'u', image_id, created_at: null, launched_at: null },
});
const FLAVORS = [flavor('small', 1, 10, 0, 0), flavor('swap', 2, 0, 5, 1), flavor('large', 8, 80, 100, 4_096)];

const ofInstance: Record<string, readonly Value[]> = {
  place: [
    { host: null, node: null },
    ...HOSTS.flatMap((host) => [
      { host, node: `${host}-node` },
      { host, node: null },
    ]),
  ],
  state: ['building', 'active', 'stopped', 'error', null].flatMap((vm_state) => [
    { vm_state, task_state: null },
    { vm_state, task_state: 'migrating' },
  ]),
  power: ['running', 'shutdown', null],
  flavor: FLAVORS,
  identity: [...PROJECTS, null].flatMap((project) => [identity(project, 'image'), identity(project, null)]),
  zone: ['nova', null],
  metadata: [{}, { a: 'b' }, JSON.parse('{"__proto__": "b"}') as Value],
  tags: [[], ['a', 'b']],
  locked: [
    { locked: false, reason: null },
    { locked: true, reason: 'x' },
  ],
  fault: [{ exception: 'E', message: 'm', at: 1 }],
  volumes: [[], ['v0'], ['v0', 'v1']],
  ...Object.fromEntries(VOLUMES.map((volume) => [`volume/${volume}`, [true, false]])),
  life: [true],
};

const ofHost: Record<string, readonly Value[]> = {
  ...Object.fromEntries(
    SERVICES.map((service) => [
      `service/${service}`,
      [true, false].map((disabled) => ({ disabled, disabled_reason: null, forced_down: false })),
    ]),
  ),
  ...Object.fromEntries(SERVICES.map((service) => [`life/${service}`, [true]])),
  heartbeat: [{ up: true }, { up: false }],
  'inventory/n0': [{ uuid: 'n', vcpus: 4, memory_mb: 8, disk_gb: 9, hypervisor_type: null }, null],
  'inventory/n1': [{ uuid: 'm', vcpus: 8, memory_mb: 8, disk_gb: 9, hypervisor_type: 'QEMU' }],
};

const ofAggregate: Record<string, readonly Value[]> = {
  aggregate: [[], ['h0'], ['h0', 'h1'], [...HOSTS].sort()].flatMap((hosts) => [
    { id: 1, name: 'a', hosts, metadata: {} },
    { id: 1, name: 'b', hosts, metadata: { availability_zone: 'az' } },
  ]),
  life: [true],
};

const ofGroup: Record<string, readonly Value[]> = {
  group: ['affinity', 'anti-affinity'].map((policy) => ({
    ...{ name: 'g', policy, max_server_per_host: null, project_id: 'p0', user_id: 'u' },
  })),
  ...Object.fromEntries(UUIDS.map((uuid) => [`member/${uuid}`, [true]])),
  life: [true],
};

const KINDS: readonly (readonly [ElementKey, Record<string, readonly Value[]>])[] = [
  ...UUIDS.map((uuid) => [`instance/${uuid}`, ofInstance] as const),
  ...HOSTS.map((host) => [`host/${host}`, ofHost] as const),
  ...['a0', 'a1'].map((uuid) => [`aggregate/${uuid}`, ofAggregate] as const),
  ...['g0', 'g1'].map((uuid) => [`server_group/${uuid}`, ofGroup] as const),
];

const clocks = fc.record({
  updatedAt: fc.constantFrom(0, 7, 1_790_000_000),
  tier: fc.constantFrom(0 as const, 1 as const),
  time: fc.integer({ min: 1, max: 40 }),
});

/** What one message tells of an element of the small cloud: some registers, of one clock and cause. */
export const message: fc.Arbitrary<Fact[]> = fc
  .tuple(fc.constantFrom(...KINDS), fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), clocks)
  .map(([[element, registers], picks, said]) => {
    const number = said.updatedAt + 41 * said.tier + said.time;
    const clock = makeClock({ ...said, tie: '00000000' });
    const cause = {
      event: `event ${said.tier}`,
      id: `message ${number}`,
      publisher: 'nova-compute:h0',
      time: said.time,
    };
    const told = new Set(picks.map((pick) => registerOf(registers, pick)));
    return [...told].map((register) => {
      const values = registers[register] as readonly Value[];
      // One thing is said of a register at one clock: the value follows from both.
      return { element, register, clock, value: values[number % values.length] as Value, cause };
    });
  });

/** A register of an element; its life ends rarely, or there would be little to see. */
function registerOf(registers: Record<string, readonly Value[]>, pick: number): string {
  const names = Object.keys(registers).filter((name) => name !== 'life' || pick % 5 === 0);
  return names[pick % names.length] as string;
}

export const fact: fc.Arbitrary<Fact> = message.map(([first]) => first as Fact);

/** What happens to a store: facts are committed, or elements are collected. */
export type Step = { readonly facts: readonly Fact[] } | { readonly collect: ElementKey };

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.array(message, { minLength: 1, maxLength: 5 }).map((all) => ({ facts: all.flat() })) },
    { weight: 1, arbitrary: fc.constantFrom(...KINDS).map(([element]) => ({ collect: element })) },
  ),
  { maxLength: 40 },
);

/** The changes a store tells of what happened to it: winners only, without the values that stay. */
export function changesOf(happened: readonly Step[]): Change[] {
  const elements = new Map<ElementKey, Registers>();
  const changes: Change[] = [];
  const tell = (element: ElementKey, facts: readonly Fact[]): void => {
    changes.push({ revision: makeRevision(1, changes.length + 1), element, facts, previous: null });
  };
  for (const step of happened) {
    if ('collect' in step) {
      if (elements.delete(step.collect)) tell(step.collect, []);
      continue;
    }
    for (const element of new Set(step.facts.map((one) => one.element))) {
      const registers = elements.get(element) ?? new Registers();
      elements.set(element, registers);
      const told = new Map<string, Fact>();
      for (const one of step.facts.filter((some) => some.element === element)) {
        const known = told.get(one.register);
        if (known === undefined || known.clock < one.clock) told.set(one.register, one);
      }
      const winners = joinFacts(registers, [...told.values()]);
      if (winners.length > 0) tell(element, winners);
    }
  }
  return changes;
}

/** The facts that are left of what happened: by register the one with the greatest clock since a collection. */
export function factsLeft(happened: readonly Step[]): Fact[] {
  const left = new Map<string, Fact>();
  for (const step of happened) {
    if ('collect' in step) {
      for (const [key, one] of left) if (one.element === step.collect) left.delete(key);
      continue;
    }
    for (const one of step.facts) {
      const key = `${one.element} ${one.register}`;
      const known = left.get(key);
      if (known === undefined || known.clock < one.clock) left.set(key, one);
    }
  }
  return [...left.values()];
}
