import { describe, expect, it } from 'vitest';
import type { ScopeSpec } from '../../../../src/audits/audit.ts';
import { checkedScope, otherThanCompute } from '../../../../src/audits/scope/check.ts';

describe('a scope that is given', () => {
  it('is kept as Watcher keeps it, with bare rules put under compute', () => {
    const rules: ScopeSpec = [{ host_aggregates: [{ id: '*' }] }, { exclude: [{ projects: [{ uuid: 'p' }] }] }];
    expect(checkedScope(rules)).toEqual([{ compute: rules }]);
    expect(checkedScope([{ compute: rules }])).toEqual([{ compute: rules }]);
    expect(checkedScope([{ compute: [] }])).toEqual([{ compute: [] }]);
  });

  it('is kept as it was given when it is of volumes or bare metal too', () => {
    const scope: ScopeSpec = [
      { compute: [{ host_aggregates: [{ id: 1 }] }], storage: [{ volume_types: [{ name: '*' }] }] },
      {
        storage: [{ availability_zones: [{ name: 'az1' }] }, { exclude: [{ storage_pools: [{ name: 'c@lvm#lvm' }] }] }],
      },
      { storage: [{ exclude: [{ volumes: [{ uuid: 'v' }] }, { projects: [{ uuid: 'p' }] }] }] },
      { baremetal: [{ exclude: [{ ironic_nodes: [{ uuid: 'n' }] }] }] },
    ];
    expect(checkedScope(scope)).toEqual(scope);
  });

  it.each<[ScopeSpec, string]>([
    [[5], 'it must be a list of objects'],
    [[{ compute: [] }, 5], 'it must be a list of objects'],
    [[{}], 'compute rule 1 must be an object with one of host_aggregates,'],
    [[{ compute: [] }, {}], 'part 2 must be an object with one of compute, storage, baremetal'],
    [[{ compute: [], planets: [] }], 'part 1: planets is none of compute, storage, baremetal'],
    [[{ storage: [] }, { host_aggregates: [] }], 'part 2: host_aggregates is none of compute, storage, baremetal'],
    [[{ compute: {} }], 'compute must be a list of rules'],
    [[{ storage: {} }], 'storage must be a list of rules'],
    [
      [{ storage: [{ compute_nodes: [] }] }],
      'storage rule 1: compute_nodes is none of availability_zones, volume_types',
    ],
    [
      [{ storage: [{ storage_pools: [] }] }],
      'storage rule 1: storage_pools is none of availability_zones, volume_types',
    ],
    [
      [{ storage: [{ volume_types: [{ id: 'fast' }] }] }],
      'storage rule 1: volume_types lists {"name": "TEXT"}, and its item 1 is not so',
    ],
    [
      [{ storage: [{ exclude: [{ volume_types: [] }] }] }],
      'storage rule 1, exclude 1: volume_types is none of storage_pools, volumes, projects',
    ],
    [[{ baremetal: [{ ironic_nodes: [] }] }], 'baremetal rule 1: ironic_nodes is none of exclude'],
    [
      [{ baremetal: [{ exclude: [{ ironic_nodes: [{ name: 'n' }] }] }] }],
      'baremetal rule 1, exclude 1: ironic_nodes lists {"uuid": "UUID"}, and its item 1 is not so',
    ],
    [[{ compute: [{}] }], 'compute rule 1 must be an object with one of host_aggregates,'],
    [[{ compute: [{ planets: [] }] }], 'compute rule 1: planets is none of host_aggregates,'],
    [[{ compute: [{ projects: {} }] }], 'compute rule 1: projects must be a list'],
    [
      [{ compute: [{ projects: [], instances: [] }] }],
      'compute rule 1: projects and instances must stand in objects of their own',
    ],
    [
      [{ compute: [{ compute_nodes: [{ name: 'a' }, { uuid: 'b' }] }] }],
      'compute rule 1: compute_nodes lists {"name": "TEXT"}, and its item 2 is not so',
    ],
    [
      [{ compute: [{ instances: [] }, { exclude: [{ projects: [] }, { host_aggregates: [{ id: 'prod' }] }] }] }],
      'compute rule 2, exclude 2: host_aggregates lists {"id": 7}, {"id": "*"} or {"name": "TEXT"}, and its item 1 is not so',
    ],
    [[{ compute: [{ exclude: [{ exclude: [] }] }] }], 'compute rule 1, exclude 1: exclude is none of'],
    [
      [{ host_aggregates: [{ id: 1 }] }, { exclude: [{ host_aggregates: [{ id: 2 }] }] }],
      'host_aggregates cannot be both included and excluded',
    ],
  ])('is refused when it is %j: %s', (scope, problem) => {
    expect(() => checkedScope(scope)).toThrow(`scope is not valid: ${problem}`);
  });
});

describe('a scope of other things than hosts and instances', () => {
  const pools: ScopeSpec = [{ storage: [{ exclude: [{ storage_pools: [{ name: 'p' }] }] }] }];
  const hosts: ScopeSpec = [{ compute: [{ compute_nodes: [{ name: 'a' }] }] }];
  it.each<[string, ScopeSpec, readonly string[] | null]>([
    ['that is empty is of everything', [], null],
    ['of which every part is empty is of everything', [{ compute: [], storage: [] }], null],
    ['is told by its parts', [...pools, { baremetal: [{ exclude: [] }] }], ['storage', 'baremetal']],
    ['with hosts too is none', [...pools, ...hosts], null],
    ['with an empty part of compute is one', [{ compute: [] }, ...pools], ['storage']],
  ])('%s', (_, scope, others) => {
    expect(otherThanCompute(scope)).toEqual(others);
  });
});
