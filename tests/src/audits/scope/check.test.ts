import { describe, expect, it } from 'vitest';
import type { ScopeSpec } from '../../../../src/audits/audit.ts';
import { checkedScope } from '../../../../src/audits/scope/check.ts';

describe('a scope that is given', () => {
  it('is kept as Watcher keeps it, with bare rules put under compute', () => {
    const rules: ScopeSpec = [{ host_aggregates: [{ id: '*' }] }, { exclude: [{ projects: [{ uuid: 'p' }] }] }];
    expect(checkedScope(rules)).toEqual([{ compute: rules }]);
    expect(checkedScope([{ compute: rules }])).toEqual([{ compute: rules }]);
    expect(checkedScope([{ compute: [] }])).toEqual([]);
  });

  it.each<[ScopeSpec, string]>([
    [[5], 'it must be a list of objects'],
    [[{ storage: [] }], 'storage is for audits of other things than instances and hosts, which are not made here'],
    [[{ compute: [], storage: [] }], 'storage is for audits of other things'],
    [[{ compute: [], planets: [] }], 'planets cannot stand beside compute'],
    [[{ compute: {} }], 'compute must be a list of rules'],
    [[{ compute: [{}] }], 'rule 1 must be an object with one of host_aggregates,'],
    [[{ compute: [{ planets: [] }] }], 'rule 1: planets is none of host_aggregates,'],
    [[{ compute: [{ projects: {} }] }], 'rule 1: projects must be a list'],
    [
      [{ compute: [{ projects: [], instances: [] }] }],
      'rule 1: projects and instances must stand in objects of their own',
    ],
    [
      [{ compute: [{ compute_nodes: [{ name: 'a' }, { uuid: 'b' }] }] }],
      'rule 1: compute_nodes lists {"name": "TEXT"}, and its item 2 is not so',
    ],
    [
      [{ compute: [{ instances: [] }, { exclude: [{ projects: [] }, { host_aggregates: [{ id: 'prod' }] }] }] }],
      'rule 2, exclude 2: host_aggregates lists {"id": 7}, {"id": "*"} or {"name": "TEXT"}, and its item 1 is not so',
    ],
    [[{ compute: [{ exclude: [{ exclude: [] }] }] }], 'rule 1, exclude 1: exclude is none of'],
    [
      [{ host_aggregates: [{ id: 1 }] }, { exclude: [{ host_aggregates: [{ id: 2 }] }] }],
      'host_aggregates cannot be both included and excluded',
    ],
  ])('is refused when it is %j: %s', (scope, problem) => {
    expect(() => checkedScope(scope)).toThrow(`scope is not valid: ${problem}`);
  });
});
