import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { claimedOn } from '../../../model/host.ts';
import {
  factsOfHypervisor,
  factsOfMissingNode,
  factsOfMissingService,
  factsOfService,
} from '../../../streams/reading/host.ts';
import { factsOfProviders, type ProviderRead } from '../../../streams/reading/provider.ts';
import { factsOfBodies, modelOf } from '../replayed.ts';
import { bodyOf, SECOND, stampAt, TEN } from './reading.ts';

const service = (changes: Record<string, unknown> = {}, sent = TEN): Fact[] =>
  factsOfService(
    {
      id: 'service-1',
      binary: 'nova-compute',
      host: 'host-1',
      zone: 'nova',
      status: 'enabled',
      state: 'up',
      updated_at: '2026-11-23T09:59:58.000000',
      disabled_reason: null,
      forced_down: false,
      ...changes,
    },
    stampAt(sent),
  );

const hypervisor = (node: string, uuid: string, changes: Record<string, unknown> = {}): Fact[] =>
  factsOfHypervisor(
    {
      id: uuid,
      hypervisor_hostname: node,
      hypervisor_type: 'QEMU',
      service: { id: 'service-1', host: 'host-1', disabled_reason: null },
      vcpus: 8,
      memory_mb: 16_384,
      local_gb: 100,
      ...changes,
    },
    stampAt(TEN),
  );

const host = (...facts: Fact[][]) => modelOf(facts).host('host-1');

const event = (disabled: boolean, time: number, uuid = 'service-1', kind = 'update'): Fact[] =>
  factsOfBodies([
    bodyOf(`service.${kind}`, time, {
      uuid,
      host: 'host-1',
      binary: 'nova-compute',
      disabled,
      disabled_reason: null,
      forced_down: false,
    }),
  ])[0] ?? [];

describe('a service', () => {
  it('is told with its state', () => {
    expect(
      host(service({ status: 'disabled', disabled_reason: 'broken', state: 'down', forced_down: true })),
    ).toMatchObject({
      up: false,
      service: { uuid: 'service-1', disabled: true, disabled_reason: 'broken', forced_down: true },
    });
  });

  it('is what was said last, whether by event or by API, in any order', () => {
    const read = service({ status: 'disabled' }, TEN);
    const [before, after] = [event(false, TEN - SECOND), event(false, TEN + SECOND)];
    expect(host(read, before)?.service?.disabled).toBe(true);
    expect(host(before, read)?.service?.disabled).toBe(true);
    expect(host(read, after)?.service?.disabled).toBe(false);
    expect(host(after, read)?.service?.disabled).toBe(false);
  });

  it('that is gone takes its host with it, until another one appears', () => {
    const gone = factsOfMissingService('host-1', 'service-1', stampAt(TEN + SECOND));
    expect(host(service(), gone)).toBeUndefined();
    expect(host(service(), gone, service({ id: 'service-2' }, TEN + 2 * SECOND))?.service?.uuid).toBe('service-2');
  });

  it('of a cell that is down, or of another kind, claims nothing', () => {
    expect(factsOfService({ binary: 'nova-compute', host: 'host-1', status: 'UNKNOWN' }, stampAt(TEN))).toEqual([]);
    expect(service({ binary: 'nova-conductor' })).toEqual([]);
  });

  it.each([{ status: 'on' }, { state: null }, { host: '' }, { id: 7 }])('with garbage is refused: %j', (changes) => {
    expect(() => service(changes)).toThrow();
  });
});

describe('a hypervisor', () => {
  it('is a node of its host, and is named as it likes', () => {
    expect(host(service(), hypervisor('node-1.example', 'h1'))?.nodes).toEqual([
      {
        name: 'node-1.example',
        uuid: 'h1',
        vcpus: 8,
        memory_mb: 16_384,
        disk_gb: 100,
        hypervisor_type: 'QEMU',
        provider: null,
        claims: null,
      },
    ]);
  });

  it('is one of several where ironic manages them', () => {
    const both = host(hypervisor('b', 'h2'), hypervisor('a', 'h1'));
    expect(both?.nodes.map(({ name }) => name)).toEqual(['a', 'b']);
    const one = host(
      hypervisor('b', 'h2'),
      hypervisor('a', 'h1'),
      factsOfMissingNode('host-1', 'a', stampAt(TEN + SECOND)),
    );
    expect(one?.nodes.map(({ name }) => name)).toEqual(['b']);
  });

  it.each([{ service: null }, { vcpus: 'many' }, { id: '' }])('with garbage is refused: %j', (changes) => {
    expect(() => hypervisor('a', 'h1', changes)).toThrow();
  });
});

describe('what placement tells', () => {
  const inventory = (total: number): Record<string, number> => ({
    total,
    reserved: 1,
    allocation_ratio: 2,
    max_unit: 8,
  });
  const root = {
    inventories: { VCPU: inventory(8), MEMORY_MB: inventory(16_384) },
    traits: ['B', 'A'],
    allocations: {
      i1: { resources: { VCPU: 2, MEMORY_MB: 2048 } },
      i2: { resources: { VCPU: 1, MEMORY_MB: 1024 } },
    },
  };
  const device = {
    inventories: { CUSTOM_GPU: inventory(2) },
    traits: ['C', 'A'],
    allocations: { i1: { resources: { CUSTOM_GPU: 1 } } },
  };
  const node = (...tree: ProviderRead[]) =>
    host(hypervisor('a', 'h1'), factsOfProviders('host-1', 'a', tree, stampAt(TEN)));

  it('is what a node has, is like, and what is claimed of it, over the tree of its providers', () => {
    expect(node(root, device, device)?.nodes[0]).toMatchObject({
      provider: {
        inventories: {
          VCPU: { total: 8, reserved: 1, allocation_ratio: 2 },
          MEMORY_MB: { total: 16_384, reserved: 1, allocation_ratio: 2 },
          CUSTOM_GPU: { total: 4, reserved: 2, allocation_ratio: 2 },
        },
        traits: ['A', 'B', 'C'],
      },
      claims: { consumers: 2, resources: { VCPU: 3, MEMORY_MB: 3072, CUSTOM_GPU: 2 } },
    });
  });

  it('gives the totals that are claimed of a host', () => {
    const it = node(root);
    expect(it && claimedOn(it)).toEqual({ instances: 2, vcpus: 3, memory_mb: 3072, disk_gb: 0 });
    const unasked = host(hypervisor('a', 'h1'));
    expect(unasked && claimedOn(unasked)).toBeNull();
  });

  it.each([
    { inventories: { VCPU: { total: 8 } } },
    { inventories: { VCPU: { total: -8, reserved: 0, allocation_ratio: 1 } } },
    { allocations: { i1: 7 } },
    { allocations: { i1: { resources: { VCPU: 'two' } } } },
  ])('is refused when it is garbage: %j', (changes) => {
    expect(() => node({ ...root, ...changes })).toThrow();
  });
});
