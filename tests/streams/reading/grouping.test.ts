import { expect, it } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { factsOfAggregate, factsOfMissingAggregate } from '../../../streams/reading/aggregate.ts';
import { factsOfMissingServerGroup, factsOfServerGroup } from '../../../streams/reading/server-group.ts';
import { factsOfBodies, modelOf } from '../replayed.ts';
import { bodyOf, SECOND, stampAt, TEN } from './reading.ts';

const aggregate = (hosts: string[], sent: number): Fact[] =>
  factsOfAggregate(
    { id: 3, uuid: 'a', name: 'fast', hosts, metadata: { availability_zone: 'az1' }, deleted: false },
    stampAt(sent),
  );

const aggregateEvent = (hosts: string[], time: number): Fact[] =>
  factsOfBodies([bodyOf('aggregate.add_host.end', time, { id: 3, uuid: 'a', name: 'fast', hosts, metadata: {} })])[0] ??
  [];

it('an aggregate is what was said last, whether by event or by API, in any order', () => {
  const read = aggregate(['h1'], TEN);
  const [before, after] = [aggregateEvent([], TEN - SECOND), aggregateEvent(['h1', 'h2'], TEN + SECOND)];
  for (const order of [
    [before, read, after],
    [after, read, before],
  ])
    expect(modelOf(order).aggregate('a')?.hosts).toEqual(['h1', 'h2']);
  expect(modelOf([read, before]).aggregate('a')).toEqual({
    uuid: 'a',
    id: 3,
    name: 'fast',
    hosts: ['h1'],
    metadata: { availability_zone: 'az1' },
  });
});

it('an aggregate that nova does not find is gone for good', () => {
  const gone = factsOfMissingAggregate('a', stampAt(TEN));
  expect(modelOf([gone, aggregate(['h1'], TEN + SECOND)]).aggregate('a')).toBeUndefined();
});

const group = (changes: Record<string, unknown> = {}): Fact[] =>
  factsOfServerGroup(
    {
      id: 'g',
      name: 'apart',
      policy: 'anti-affinity',
      rules: { max_server_per_host: 2 },
      members: ['i2', 'i1'],
      project_id: 'p',
      user_id: 'u',
      ...changes,
    },
    stampAt(TEN),
  );

it('a server group is told with its members', () => {
  expect(modelOf([group()]).serverGroup('g')).toEqual({
    uuid: 'g',
    name: 'apart',
    policy: 'anti-affinity',
    max_server_per_host: 2,
    project_id: 'p',
    members: ['i1', 'i2'],
  });
});

it('a server group of an older microversion has its policy in a list', () => {
  const { policy, rules, ...old } = { policy: undefined, rules: undefined, policies: ['affinity'] };
  expect(modelOf([group({ policy, rules, ...old })]).serverGroup('g')?.policy).toBe('affinity');
});

it('members that an event added meanwhile stay', () => {
  const [added] = factsOfBodies([
    bodyOf('server_group.add_member', TEN - SECOND, {
      uuid: 'g',
      name: 'apart',
      policy: 'anti-affinity',
      rules: {},
      members: ['i3'],
      project_id: 'p',
      user_id: 'u',
    }),
  ]);
  expect(modelOf([added ?? [], group()]).serverGroup('g')?.members).toEqual(['i1', 'i2', 'i3']);
});

it('a server group that nova does not find is gone for good', () => {
  expect(modelOf([group(), factsOfMissingServerGroup('g', stampAt(TEN))]).serverGroup('g')).toBeUndefined();
});
