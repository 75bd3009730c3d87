import { expect, test } from 'vitest';
import type { Where } from '../../../streams/sla/rule.ts';
import { isInScope } from '../../../streams/sla/scope.ts';
import { cloudOf } from '../../strategies/cloud.ts';

const view = cloudOf({
  instances: {
    a: { metadata: { tier: 'gold', constructor: 'x' } },
    b: { place: { host: 'there', node: null }, identity: { project_id: 'q' }, flavor: { name: 'large' } },
    homeless: { place: { host: null, node: null } },
  },
  aggregates: {
    fast: { hosts: ['here'], metadata: {} },
    zone: { hosts: ['there'], metadata: { availability_zone: 'az1' } },
  },
  groups: { pair: { members: ['b'] } },
});

test.each<[Where, readonly string[]]>([
  [{}, ['a', 'b', 'homeless']],
  [{ aggregate: ['fast'] }, ['a']],
  [{ aggregate: ['fast', 'zone'] }, ['a', 'b']],
  [{ aggregate: ['none'] }, []],
  [{ availability_zone: ['az1'] }, ['b']],
  [{ host: ['here'] }, ['a']],
  [{ project: ['q'] }, ['b']],
  [{ flavor: ['large'] }, ['b']],
  [{ metadata: { tier: 'gold' } }, ['a']],
  [{ metadata: { tier: 'lead' } }, []],
  [{ metadata: { toString: 'x' } }, []],
  [{ server_group: ['pair'] }, ['b']],
  [{ aggregate: ['fast'], project: ['q'] }, []],
  [{ aggregate: ['zone'], project: ['q'], flavor: ['small', 'large'] }, ['b']],
])('instances with %j are %j', (where, found) => {
  const all = ['a', 'b', 'homeless', 'stranger', 'here'];
  expect(all.filter((uuid) => isInScope({ of: 'instance', where }, uuid, view))).toEqual(found);
});

test.each<[Where, readonly string[]]>([
  [{}, ['here', 'there']],
  [{ aggregate: ['fast'] }, ['here']],
  [{ availability_zone: ['az1'] }, ['there']],
  [{ host: ['there', 'elsewhere'] }, ['there']],
  [{ host: ['here'], availability_zone: ['az1'] }, []],
])('hosts with %j are %j', (where, found) => {
  const all = ['here', 'there', 'elsewhere', 'a'];
  expect(all.filter((name) => isInScope({ of: 'host', where }, name, view))).toEqual(found);
});
