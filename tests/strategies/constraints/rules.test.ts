import { describe, expect, it } from 'vitest';
import { mayMove } from '../../../strategies/constraints/may-move.ts';
import type { MoveKind } from '../../../strategies/constraints/move.ts';
import { REASONS, type ReasonCode } from '../../../strategies/constraints/reason.ts';
import { cloudOf, type InstanceTold, type Told } from '../cloud.ts';

/** What is told, whether `i` may then be moved from `here` to `there`, and how. */
interface Case {
  readonly when: string;
  readonly told: Told;
  readonly kind?: MoveKind;
  readonly to?: string;
  readonly uuid?: string;
  /** The codes of all that forbids it; none: it is allowed. */
  readonly forbidden: readonly ReasonCode[];
  readonly notes?: readonly ReasonCode[];
  /** A part of what is told to people. */
  readonly says?: RegExp;
}

const i = (told: InstanceTold): Told => ({ instances: { i: told } });
const specs = (extra_specs: Record<string, string>): Told => i({ flavor: { extra_specs } });
const image = (image_properties: Record<string, string>): Told => i({ constraints: { image_properties } });
const hints = (scheduler_hints: Record<string, string[]>): Told => i({ constraints: { scheduler_hints } });
const aggregate = (metadata: Record<string, string>, host = 'there'): Told => ({
  aggregates: { a: { hosts: [host], metadata } },
});
const there = (told: NonNullable<Told['hosts']>[string]): Told => ({ hosts: { there: told } });
const traits = (...all: string[]): Told => there({ provider: { traits: all } });
const group = (policy: string | null, more: object = {}, elsewhere = 'there'): Told => ({
  instances: { o: { place: { host: elsewhere } } },
  groups: { g: { policy, members: ['i', 'o', 'long-gone'], ...more } },
});

const RULES: { readonly [rule: string]: readonly Case[] } = {
  'what is there': [
    { when: 'all is ordinary', told: {}, forbidden: [] },
    { when: 'all is ordinary', told: {}, kind: 'cold', forbidden: [] },
    { when: 'nobody heard of the instance', told: {}, uuid: 'x', forbidden: ['instance-unknown'], says: /instance x/ },
    { when: 'nobody heard of the host', told: {}, to: 'x', forbidden: ['host-unknown'], says: /host x/ },
    {
      when: 'only an instance names the host',
      told: { instances: { o: { place: { host: 'x' } } } },
      to: 'x',
      forbidden: ['host-unknown'],
    },
    { when: 'it is there already', told: {}, to: 'here', forbidden: ['same-host'] },
    { when: 'it is nowhere', told: i({ place: { host: null } }), forbidden: ['instance-unplaced'] },
  ],
  'the host': [
    { when: 'it is down', told: there({ heartbeat: { up: false } }), forbidden: ['host-down'] },
    {
      when: 'it is declared down',
      told: there({ heartbeat: { up: false }, service: { forced_down: true } }),
      forbidden: ['host-forced-down'],
    },
    {
      when: 'it is disabled',
      told: there({ service: { disabled: true, disabled_reason: 'fans' } }),
      forbidden: ['host-disabled'],
      says: /disabled: fans/,
    },
    {
      when: 'nobody asked whether it is up',
      told: there({ heartbeat: null }),
      forbidden: ['unknown'],
      says: /there is up/,
    },
    { when: 'nobody told its node', told: there({ inventory: null }), forbidden: ['unknown'], says: /placement/ },
    { when: 'placement was not asked', told: there({ provider: null, claims: null }), forbidden: ['unknown'] },
    {
      when: 'the host the instance is on is disabled only',
      told: { hosts: { here: { service: { disabled: true } } } },
      forbidden: [],
    },
    {
      when: 'the host the instance is on is down',
      told: { hosts: { here: { heartbeat: { up: false } } } },
      forbidden: ['source-down'],
    },
    {
      when: 'that host is declared down',
      told: { hosts: { here: { service: { forced_down: true } } } },
      forbidden: ['source-down'],
    },
    {
      when: 'nobody asked whether that host is up',
      told: { hosts: { here: { heartbeat: null } } },
      forbidden: ['unknown'],
      says: /here, where it is/,
    },
    {
      when: 'it has another hypervisor',
      told: there({ inventory: { hypervisor_type: 'VMware vCenter Server' } }),
      forbidden: ['other-hypervisor'],
    },
    { when: 'its hypervisor has no type', told: there({ inventory: { hypervisor_type: null } }), forbidden: [] },
  ],
  'the instance': [
    {
      when: 'it is locked',
      told: i({ locked: { locked: true, reason: 'audit' } }),
      forbidden: ['instance-locked'],
      says: /locked: audit/,
    },
    { when: 'it is paused', told: i({ state: { vm_state: 'paused' } }), forbidden: [] },
    {
      when: 'it is paused',
      told: i({ state: { vm_state: 'paused' } }),
      kind: 'cold',
      forbidden: ['instance-state'],
      says: /active or stopped/,
    },
    { when: 'it is stopped', told: i({ state: { vm_state: 'stopped' } }), forbidden: ['instance-state'] },
    { when: 'it is stopped', told: i({ state: { vm_state: 'stopped' } }), kind: 'cold', forbidden: [] },
    { when: 'it is in error', told: i({ state: { vm_state: 'error' } }), kind: 'cold', forbidden: ['instance-state'] },
    {
      when: 'a task is under way',
      told: i({ state: { task_state: 'rebooting' } }),
      forbidden: ['instance-state'],
      says: /active\/rebooting/,
    },
    { when: 'its state was told as null', told: i({ state: { vm_state: null } }), forbidden: ['instance-state'] },
    {
      when: 'somebody migrates it',
      told: i({ migration: {} }),
      forbidden: ['migration-in-flight'],
      says: /live-migration 7 from here to there .*running/,
    },
    {
      when: 'a resize waits for confirmation',
      told: i({ migration: { type: 'resize', status: 'finished' } }),
      kind: 'cold',
      forbidden: ['migration-in-flight'],
    },
  ],
  'what was never told': [
    { when: 'where it is', told: i({ place: null }), forbidden: ['unknown'] },
    { when: 'its state', told: i({ state: null }), forbidden: ['unknown'] },
    { when: 'its flavor', told: i({ flavor: null }), forbidden: ['unknown'] },
    { when: 'whose it is', told: i({ identity: null }), forbidden: ['unknown'] },
    { when: 'its metadata', told: i({ metadata: null }), forbidden: ['unknown'] },
    { when: 'whether it is locked', told: i({ locked: null }), forbidden: ['unknown'] },
    { when: 'its constraints', told: i({ constraints: null }), forbidden: ['unknown'], says: /only the API tells/ },
  ],
  'metadata of its life cycle': [
    {
      when: 'it may not be migrated live',
      told: i({ metadata: { 'lifecycle:livemigratable': 'False' } }),
      forbidden: ['metadata-forbids'],
      says: /lifecycle:livemigratable=False/,
    },
    {
      when: 'it may not be migrated live',
      told: i({ metadata: { 'lifecycle:livemigratable': 'False' } }),
      kind: 'cold',
      forbidden: [],
    },
    {
      when: 'it may not be migrated cold',
      told: i({ metadata: { 'lifecycle:coldmigratable': 'no' } }),
      kind: 'cold',
      forbidden: ['metadata-forbids'],
    },
    { when: 'it may not be migrated cold', told: i({ metadata: { 'lifecycle:coldmigratable': 'no' } }), forbidden: [] },
    {
      when: 'it may not be migrated',
      told: i({ metadata: { 'lifecycle:migratable': '0' } }),
      kind: 'cold',
      forbidden: ['metadata-forbids'],
    },
    {
      when: 'what it says is no plain yes',
      told: i({ metadata: { 'lifecycle:migratable': 'on Sundays' } }),
      forbidden: ['metadata-forbids'],
    },
    {
      when: 'it says it may',
      told: i({ metadata: { 'lifecycle:livemigratable': ' TRUE ', 'lifecycle:migratable': '1' } }),
      forbidden: [],
    },
  ],
  'the zone it asked for': [
    {
      when: 'it asked for the zone of the host',
      told: { ...i({ constraints: { pinned_zone: 'z' } }), ...aggregate({ availability_zone: 'z' }) },
      forbidden: [],
    },
    {
      when: 'it asked for another zone',
      told: i({ constraints: { pinned_zone: 'z' } }),
      forbidden: ['other-zone'],
      says: /zone z, there is in nova/,
    },
    {
      when: 'it asked for the zone of hosts that are in none',
      told: i({ constraints: { pinned_zone: 'nova' } }),
      forbidden: [],
    },
    { when: 'it asked for none', told: aggregate({ availability_zone: 'z' }), forbidden: [] },
    {
      when: 'nova does not tell, within its zone',
      told: i({ constraints: { pinned_zone: undefined } as never }),
      forbidden: [],
    },
    {
      when: 'nova does not tell, out of its zone',
      told: { ...i({ constraints: { pinned_zone: undefined } as never }), ...aggregate({ availability_zone: 'z' }) },
      forbidden: ['unknown'],
      says: /2\.96/,
    },
  ],
  'server groups': [
    { when: 'affinity and another member is there', told: group('affinity'), forbidden: [] },
    {
      when: 'affinity and another member is here',
      told: group('affinity', {}, 'here'),
      forbidden: ['server-group-affinity'],
      says: /o is on here/,
    },
    { when: 'affinity and it is alone', told: group('affinity', { members: ['i', 'long-gone'] }), forbidden: [] },
    {
      when: 'affinity and the other member is on its way away',
      told: { ...group('affinity'), instances: { o: { place: { host: 'there' }, migration: { dest_host: 'x' } } } },
      forbidden: ['server-group-affinity'],
    },
    {
      when: 'anti-affinity and another member is there',
      told: group('anti-affinity'),
      forbidden: ['server-group-anti-affinity'],
      says: /lets 1 of .* there has 1/,
    },
    { when: 'anti-affinity and another member is elsewhere', told: group('anti-affinity', {}, 'here'), forbidden: [] },
    {
      when: 'anti-affinity of two a host and one is there',
      told: group('anti-affinity', { max_server_per_host: 2 }),
      forbidden: [],
    },
    {
      when: 'anti-affinity of two a host and one is there and one on its way',
      told: {
        groups: { g: { policy: 'anti-affinity', max_server_per_host: 2, members: ['i', 'o', 'p'] } },
        instances: { o: { place: { host: 'there' } }, p: { migration: { dest_host: 'there' } } },
      },
      forbidden: ['server-group-anti-affinity'],
    },
    {
      when: 'soft affinity and another member is here',
      told: group('soft-affinity', {}, 'here'),
      forbidden: [],
      notes: ['soft-affinity'],
    },
    { when: 'soft affinity and another member is there', told: group('soft-affinity'), forbidden: [] },
    {
      when: 'soft anti-affinity and another member is there',
      told: group('soft-anti-affinity'),
      forbidden: [],
      notes: ['soft-anti-affinity'],
    },
    { when: 'a policy nobody told', told: group(null), forbidden: ['unknown'] },
    {
      when: 'the group is known from its hint only',
      told: {
        groups: { g: { policy: 'anti-affinity', members: ['o'] } },
        instances: { o: { place: { host: 'there' } }, i: { constraints: { scheduler_hints: { group: ['g'] } } } },
      },
      forbidden: ['server-group-anti-affinity'],
    },
  ],
  'what the flavor asks of aggregates': [
    {
      when: 'no aggregate has it',
      told: specs({ 'aggregate_instance_extra_specs:ssd': 'true' }),
      forbidden: ['aggregate-extra-specs'],
      says: /ssd true.*nothing/,
    },
    {
      when: 'an aggregate has it',
      told: { ...specs({ 'aggregate_instance_extra_specs:ssd': 'true' }), ...aggregate({ ssd: 'false, true' }) },
      forbidden: [],
    },
    {
      when: 'an aggregate has another',
      told: { ...specs({ 'aggregate_instance_extra_specs:size': '>= 4' }), ...aggregate({ size: '3' }) },
      forbidden: ['aggregate-extra-specs'],
    },
    { when: 'an unscoped spec that nothing fulfils', told: specs({ ssd: 'true' }), forbidden: [] },
    {
      when: 'an unscoped spec that the present host fulfils',
      told: { ...specs({ ssd: 'true' }), ...aggregate({ ssd: 'true' }, 'here') },
      forbidden: ['aggregate-extra-specs'],
    },
  ],
  'isolation by aggregates': [
    { when: 'they are for its project', told: aggregate({ filter_tenant_id: 'q, p' }), forbidden: [] },
    {
      when: 'they are for another project',
      told: aggregate({ filter_tenant_id: 'q' }),
      forbidden: ['tenant-isolation'],
      says: /other projects than p/,
    },
    {
      when: 'they are for its project among others',
      told: aggregate({ filter_tenant_id1: 'q', filter_tenant_id2: 'p' }),
      forbidden: [],
    },
    { when: 'they name no project', told: aggregate({ filter_tenant_id: '' }), forbidden: [] },
    {
      when: 'they say the same as the image',
      told: { ...image({ os: 'win' }), ...aggregate({ os: 'win,bsd' }) },
      forbidden: [],
    },
    {
      when: 'they say another thing than the image',
      told: { ...image({ os: 'linux' }), ...aggregate({ os: 'win,bsd' }) },
      forbidden: ['image-isolation'],
      says: /os win, bsd, the image has linux/,
    },
    {
      when: 'they are for a trait it does not require',
      told: aggregate({ 'trait:GPU': 'required' }),
      forbidden: ['trait-isolation'],
    },
    {
      when: 'they are for a trait it requires',
      told: { ...specs({ 'trait:GPU': 'required' }), ...aggregate({ 'trait:GPU': 'required' }), ...traits('GPU') },
      forbidden: [],
    },
  ],
  traits: [
    {
      when: 'the flavor requires one it has',
      told: { ...specs({ 'trait:T': 'required' }), ...traits('T') },
      forbidden: [],
    },
    {
      when: 'the flavor requires one it has not',
      told: specs({ 'trait:T': 'required' }),
      forbidden: ['trait-missing'],
      says: /The flavor requires the trait T/,
    },
    {
      when: 'the flavor forbids one it has',
      told: { ...specs({ 'trait:T': 'forbidden' }), ...traits('T') },
      forbidden: ['trait-forbidden'],
    },
    { when: 'the flavor forbids one it has not', told: specs({ 'trait:T': 'forbidden' }), forbidden: [] },
    {
      when: 'the image requires one it has not',
      told: image({ 'trait:T': 'required' }),
      forbidden: ['trait-missing'],
      says: /The image requires/,
    },
    {
      when: 'the image requires one it has',
      told: { ...image({ 'trait:T': 'required' }), ...traits('T') },
      forbidden: [],
    },
  ],
  'image properties': [
    { when: 'the image is for this hypervisor', told: image({ img_hv_type: 'kvm' }), forbidden: [] },
    {
      when: 'the image is for another hypervisor',
      told: image({ hypervisor_type: 'hyperv' }),
      forbidden: ['image-properties'],
    },
    {
      when: 'the image is for a hypervisor and the host does not say its own',
      told: { ...image({ img_hv_type: 'kvm' }), ...there({ inventory: { hypervisor_type: null } }) },
      forbidden: ['unknown'],
    },
    {
      when: 'the image is for this architecture',
      told: { ...image({ hw_architecture: 'x86_64' }), ...traits('HW_ARCH_X86_64') },
      forbidden: [],
    },
    {
      when: 'the image is for another architecture',
      told: { ...image({ architecture: 'aarch64' }), ...traits('HW_ARCH_X86_64') },
      forbidden: ['image-properties'],
    },
    {
      when: 'the host does not say its architecture',
      told: image({ hw_architecture: 'x86_64' }),
      forbidden: [],
      notes: ['architecture-untold'],
    },
  ],
  'what an older nova does not tell': [
    {
      when: 'hints',
      told: i({ constraints: { scheduler_hints: undefined } as never }),
      forbidden: [],
      notes: ['hints-untold'],
    },
    {
      when: 'image properties',
      told: i({ constraints: { image_properties: undefined } as never }),
      forbidden: [],
      notes: ['image-untold'],
    },
    {
      when: 'image properties of an instance without an image',
      told: i({ identity: { image_id: null }, constraints: { image_properties: undefined } as never }),
      forbidden: [],
    },
  ],
  'scheduler hints': [
    {
      when: 'another host than that of one there',
      told: {
        ...hints({ different_host: ['o'] }),
        instances: { ...hints({ different_host: ['o'] }).instances, o: { place: { host: 'there' } } },
      },
      forbidden: ['hint-different-host'],
      says: /where o is/,
    },
    {
      when: 'another host than that of one here',
      told: { instances: { ...hints({ different_host: ['o'] }).instances, o: {} } },
      forbidden: [],
    },
    {
      when: 'the host of one there',
      told: { instances: { ...hints({ same_host: ['x', 'o'] }).instances, o: { place: { host: 'there' } } } },
      forbidden: [],
    },
    {
      when: 'the host of one here',
      told: { instances: { ...hints({ same_host: ['o'] }).instances, o: {} } },
      forbidden: ['hint-same-host'],
    },
    { when: 'this host', told: hints({ force_hosts: ['there', 'x'] }), forbidden: [] },
    { when: 'another host', told: hints({ force_hosts: ['x'] }), forbidden: ['hint-force-hosts'] },
  ],
  capacity: [
    { when: 'it just fits', told: { ...i({ flavor: { vcpus: 10, memory_mb: 7_168, root_gb: 100 } }) }, forbidden: [] },
    {
      when: 'CPUs are claimed',
      told: there({ claims: { resources: { VCPU: 19 } } }),
      forbidden: ['capacity'],
      says: /takes 2 VCPU; there has 1 of 20 left/,
    },
    { when: 'CPUs just suffice', told: there({ claims: { resources: { VCPU: 18 } } }), forbidden: [] },
    {
      when: 'CPUs are taken by what placement does not know yet',
      told: { instances: { o: { place: { host: 'there' }, flavor: { vcpus: 19, memory_mb: 1, root_gb: 0 } } } },
      forbidden: ['capacity'],
    },
    {
      when: 'instances have CPUs of their own, which are counted apart',
      told: {
        instances: { o: { place: { host: 'there' }, flavor: { vcpus: 19, memory_mb: 1, root_gb: 0 } } },
        ...there({ claims: { resources: { PCPU: 19 } } }),
      },
      forbidden: [],
    },
    {
      when: 'memory is reserved',
      told: i({ flavor: { memory_mb: 7_169 } }),
      forbidden: ['capacity'],
      says: /MEMORY_MB/,
    },
    {
      when: 'memory is taken',
      told: { instances: { o: { place: { host: 'there' }, flavor: { memory_mb: 6_145 } } } },
      forbidden: ['capacity'],
    },
    {
      when: 'the disk is claimed',
      told: there({ claims: { resources: { DISK_GB: 91 } } }),
      forbidden: ['capacity'],
      says: /DISK_GB/,
    },
    {
      when: 'the disk is claimed and it boots from a volume',
      told: { ...there({ claims: { resources: { DISK_GB: 91 } } }), ...i({ identity: { image_id: null } }) },
      forbidden: [],
    },
    {
      when: 'it has more CPUs than the host, whatever the ratio',
      told: i({ flavor: { vcpus: 11 } }),
      forbidden: ['capacity'],
    },
    {
      when: 'it takes what the host does not have at all',
      told: specs({ 'resources:CUSTOM_GOLD': '1' }),
      forbidden: ['capacity'],
    },
    {
      when: 'all is short',
      told: i({ flavor: { vcpus: 99, memory_mb: 99_999, root_gb: 999 } }),
      forbidden: ['capacity', 'capacity', 'capacity'],
    },
  ],
  'what only nova can tell': [
    {
      when: 'PCI devices',
      told: specs({ 'pci_passthrough:alias': 'gpu:1' }),
      forbidden: ['needs-nova'],
      says: /flavor’s pci_passthrough:alias/,
    },
    { when: 'NUMA cells', told: specs({ 'hw:numa_nodes': '2' }), forbidden: ['needs-nova'] },
    { when: 'NUMA cells by the image', told: image({ hw_numa_nodes: '2' }), forbidden: ['needs-nova'] },
    { when: 'large pages', told: specs({ 'hw:mem_page_size': 'large' }), forbidden: ['needs-nova'] },
    {
      when: 'CPUs of its own',
      told: {
        ...specs({ 'hw:cpu_policy': 'dedicated' }),
        ...there({
          provider: {
            inventories: {
              PCPU: { total: 9, reserved: 0, allocation_ratio: 1 },
              MEMORY_MB: { total: 9_999, reserved: 0, allocation_ratio: 1 },
              DISK_GB: { total: 99, reserved: 0, allocation_ratio: 1 },
            },
          },
        }),
      },
      forbidden: ['needs-nova'],
    },
    { when: 'shared CPUs', told: specs({ 'hw:cpu_policy': 'shared' }), forbidden: [] },
    { when: 'CPUs of its own by the image', told: image({ hw_cpu_policy: 'dedicated' }), forbidden: ['needs-nova'] },
    {
      when: 'numbered groups of resources',
      told: specs({ 'resources1:VGPU': '1', group_policy: 'none' }),
      forbidden: ['needs-nova', 'needs-nova'],
    },
    {
      when: 'an expression of the scheduler',
      told: hints({ query: ['[">=","$free_ram_mb",1024]'] }),
      forbidden: ['needs-nova'],
    },
  ],
};

for (const [rule, cases] of Object.entries(RULES)) {
  describe(rule, () => {
    it.each(cases)(
      '$when: $kind $forbidden',
      ({ told, kind = 'live', to = 'there', uuid = 'i', forbidden, notes, says }) => {
        const verdict = mayMove(cloudOf(told), uuid, to, kind);
        expect(verdict.forbidden.map(({ code }) => code)).toEqual(forbidden);
        expect(verdict.notes.map(({ code }) => code)).toEqual(notes ?? []);
        expect(verdict.allowed).toBe(forbidden.length === 0);
        for (const { text } of [...verdict.forbidden, ...verdict.notes]) expect(text).not.toMatch(/\{|undefined|null/);
        if (says !== undefined) expect(verdict.forbidden.map(({ text }) => text).join()).toMatch(says);
      },
    );
  });
}

it('every reason there is has a case here', () => {
  const all = Object.values(RULES).flat();
  const told = new Set(all.flatMap(({ forbidden, notes }) => [...forbidden, ...(notes ?? [])]));
  expect(told).toEqual(new Set(Object.keys(REASONS)));
});

describe('nodes', () => {
  it('of a host with several: nova alone decides', () => {
    const model = cloudOf({ nodes: { there: ['n1', 'n2'] } });
    expect(mayMove(model, 'i', 'there', 'live').forbidden.map(({ code }) => code)).toEqual(['needs-nova']);
  });
});

it('everything that forbids is told at once', () => {
  const told = {
    ...i({ locked: { locked: true }, state: { vm_state: 'stopped' } }),
    ...there({ service: { disabled: true } }),
  };
  const codes = mayMove(cloudOf(told), 'i', 'there', 'live').forbidden.map(({ code }) => code);
  expect(codes).toEqual(['instance-locked', 'instance-state', 'host-disabled']);
});
