import { describe, expect, it } from 'vitest';
import type { ScopeSpec } from '../../../../src/audits/audit.ts';
import { compileScope } from '../../../../src/audits/scope/compile.ts';
import { cloudOf, type InstanceTold } from '../../../strategies/cloud.ts';

const on = (host: string, more: InstanceTold = {}): InstanceTold => ({ place: { host }, ...more });

/** Hosts a and b in zone az1, c in az2, d in none; a and b in the aggregate prod, c in dev; an instance on each, two on a. */
const CLOUD = cloudOf({
  hosts: { a: {}, b: {}, c: {}, d: {} },
  instances: {
    'on-a': on('a', { identity: { project_id: 'p1' } }),
    'also-on-a': on('a', { identity: { project_id: 'p2' }, metadata: { fragile: 'True', owner: 'ops' } }),
    'on-b': on('b', { identity: { project_id: 'p2' } }),
    'on-c': on('c', { metadata: { fragile: 'no' } }),
    'on-d': on('d'),
    nowhere: { place: null },
    i: on('here'),
  },
  aggregates: {
    prod: { hosts: ['a', 'b'], metadata: { availability_zone: 'az1' } },
    dev: { hosts: ['c'], metadata: { availability_zone: 'az2' } },
  },
});

/** What a scope lets an audit touch. */
function touchable(rules: ScopeSpec): { hosts: string[]; instances: string[] } {
  const scope = compileScope(rules.length === 0 ? [] : [{ compute: rules }], CLOUD);
  const hosts = [...CLOUD.hosts()].map(({ name }) => name).filter((name) => scope.hasHost(name));
  const instances = [...CLOUD.instances()].map(({ uuid }) => uuid).filter((uuid) => scope.hasInstance(uuid));
  return { hosts: hosts.sort(), instances: instances.sort() };
}

function hostsIn(spec: ScopeSpec): string[] {
  const scope = compileScope(spec, CLOUD);
  return [...CLOUD.hosts()]
    .map(({ name }) => name)
    .filter((name) => scope.hasHost(name))
    .sort();
}

const ALL_HOSTS = ['a', 'b', 'c', 'd', 'here', 'there'];
const ALL = ['also-on-a', 'i', 'nowhere', 'on-a', 'on-b', 'on-c', 'on-d'];
const without = (all: readonly string[], ...left: string[]): string[] => all.filter((one) => !left.includes(one));
const IN_PROD = ['also-on-a', 'nowhere', 'on-a', 'on-b'];

describe('a scope', () => {
  it.each<[string, ScopeSpec, string[], string[]]>([
    ['that is empty: everything', [], ALL_HOSTS, ALL],
    ['of a host', [{ compute_nodes: [{ name: 'c' }] }], ['c'], ['nowhere', 'on-c']],
    ['of an aggregate by name', [{ host_aggregates: [{ name: 'prod' }] }], ['a', 'b'], IN_PROD],
    ['of an aggregate by number', [{ host_aggregates: [{ id: 1 }] }], ['a', 'b', 'c'], [...IN_PROD, 'on-c']],
    [
      'of every aggregate: not of hosts in none',
      [{ host_aggregates: [{ id: '*' }] }],
      ['a', 'b', 'c'],
      [...IN_PROD, 'on-c'],
    ],
    ['of an aggregate that is not there: nothing', [{ host_aggregates: [{ name: 'gone' }] }], [], ['nowhere']],
    ['of a zone', [{ availability_zones: [{ name: 'az2' }] }], ['c'], ['nowhere', 'on-c']],
    ['of every zone', [{ availability_zones: [{ name: '*' }] }], ALL_HOSTS, ALL],
    [
      'of the zone of those in none',
      [{ availability_zones: [{ name: 'nova' }] }],
      ['d', 'here', 'there'],
      ['i', 'nowhere', 'on-d'],
    ],
    [
      'of hosts by several rules: any of them',
      [{ host_aggregates: [{ name: 'dev' }] }, { compute_nodes: [{ name: 'd' }] }],
      ['c', 'd'],
      ['nowhere', 'on-c', 'on-d'],
    ],
    ['of an instance: all hosts, that instance', [{ instances: [{ uuid: 'on-b' }] }], ALL_HOSTS, ['on-b']],
    ['of a project', [{ projects: [{ uuid: 'p2' }] }], ALL_HOSTS, ['also-on-a', 'on-b']],
    ['of metadata, whatever the case', [{ instance_metadata: [{ fragile: 'true' }] }], ALL_HOSTS, ['also-on-a']],
    ['of metadata given as another type', [{ instance_metadata: [{ fragile: true }] }], ALL_HOSTS, ['also-on-a']],
    [
      'of a project on hosts: both must hold',
      [{ projects: [{ uuid: 'p2' }] }, { compute_nodes: [{ name: 'b' }] }],
      ['b'],
      ['on-b'],
    ],
    [
      'without a host',
      [{ exclude: [{ compute_nodes: [{ name: 'a' }] }] }],
      without(ALL_HOSTS, 'a'),
      without(ALL, 'on-a', 'also-on-a'),
    ],
    [
      'without an aggregate',
      [{ exclude: [{ host_aggregates: [{ name: 'prod' }] }] }],
      without(ALL_HOSTS, 'a', 'b'),
      without(ALL, 'on-a', 'also-on-a', 'on-b'),
    ],
    [
      'without a zone',
      [{ exclude: [{ availability_zones: [{ name: 'az2' }] }] }],
      without(ALL_HOSTS, 'c'),
      without(ALL, 'on-c'),
    ],
    ['without an instance', [{ exclude: [{ instances: [{ uuid: 'on-a' }] }] }], ALL_HOSTS, without(ALL, 'on-a')],
    [
      'without a project',
      [{ exclude: [{ projects: [{ uuid: 'p2' }] }] }],
      ALL_HOSTS,
      without(ALL, 'also-on-a', 'on-b'),
    ],
    [
      'without metadata',
      [{ exclude: [{ instance_metadata: [{ fragile: 'TRUE' }] }] }],
      ALL_HOSTS,
      without(ALL, 'also-on-a'),
    ],
    [
      'of an aggregate without one of its hosts and one of its instances',
      [
        { host_aggregates: [{ name: 'prod' }] },
        { exclude: [{ compute_nodes: [{ name: 'b' }] }, { instances: [{ uuid: 'on-a' }] }] },
      ],
      ['a'],
      ['also-on-a', 'nowhere'],
    ],
  ])('%s', (_, rules, hosts, instances) => {
    expect(touchable(rules)).toEqual({ hosts, instances });
  });

  it('leaves out no host for what it says of volumes and bare metal', () => {
    const zone = [{ availability_zones: [{ name: 'az2' }] }];
    expect(hostsIn([{ storage: zone }, { baremetal: [{ exclude: [{ ironic_nodes: [{ uuid: 'a' }] }] }] }])).toEqual(
      ALL_HOSTS,
    );
    expect(hostsIn([{ storage: [{ availability_zones: [{ name: 'az1' }] }] }, { compute: zone }])).toEqual(['c']);
  });

  it('has no instance that the model does not know', () => {
    expect(compileScope([], CLOUD).hasInstance('nobody')).toBe(false);
  });
});
