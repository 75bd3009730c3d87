import { describe, expect, it } from 'vitest';
import { type Aggregate, zoneOf } from '../../model/grouping.ts';
import { LiveModel } from '../../model/live-model.ts';
import { fact } from './stores/facts.ts';

const aggregate = (hosts: readonly string[], metadata: { [key: string]: string } = {}) => ({
  id: 1,
  name: 'a',
  hosts,
  metadata,
});
const group = { name: 'g', policy: 'affinity', max_server_per_host: null, project_id: 'p', user_id: 'u' };

describe('an aggregate', () => {
  it('is found by each of its hosts, as they come and go', () => {
    const model = new LiveModel();
    const names = (host: string): string[] => [...model.aggregatesOf(host)].map(({ uuid }) => uuid);
    model.load(
      [
        fact('aggregate/a', 'aggregate', 1, aggregate(['h0', 'h1'])),
        fact('aggregate/b', 'aggregate', 1, aggregate(['h1'])),
      ],
      '1-1',
    );
    expect([names('h0'), names('h1'), names('h2')]).toEqual([['a'], ['a', 'b'], []]);
    model.load([fact('aggregate/a', 'aggregate', 2, aggregate(['h2']))], '1-2');
    expect([names('h0'), names('h1'), names('h2')]).toEqual([[], ['b'], ['a']]);
    model.load([fact('aggregate/a', 'life', 3, true)], '1-3');
    expect([names('h1'), names('h2')]).toEqual([['b'], []]);
  });

  it('that was told of nothing but its end is not there', () => {
    const model = new LiveModel();
    model.load([fact('aggregate/a', 'life', 1, true)], '1-1');
    expect([...model.aggregates()]).toEqual([]);
  });

  it('gives the zone that its metadata names', () => {
    const zone = (metadata: { [key: string]: string }): string | null =>
      zoneOf({ uuid: 'a', ...aggregate([], metadata) } satisfies Aggregate);
    expect(zone({ availability_zone: 'az1' })).toBe('az1');
    expect(zone({ ssd: 'true' })).toBeNull();
    expect(zone(JSON.parse('{"__proto__": "x"}') as { [key: string]: string })).toBeNull();
  });
});

describe('a server group', () => {
  it('has every member that was ever added, sorted, and is found by each', () => {
    const model = new LiveModel();
    model.load(
      ['c', 'a', 'b'].map((id, i) => fact('server_group/g', `member/${id}`, i, true)),
      '1-1',
    );
    expect(model.serverGroup('g')).toMatchObject({ name: null, policy: null, members: ['a', 'b', 'c'] });
    model.load([fact('server_group/g', 'group', 9, group)], '1-2');
    expect(model.serverGroup('g')).toMatchObject({ name: 'g', policy: 'affinity', members: ['a', 'b', 'c'] });
    expect([...model.groupsOf('b')].map(({ uuid }) => uuid)).toEqual(['g']);
    model.load([fact('server_group/g', 'life', 10, true)], '1-3');
    expect([...model.groupsOf('b')]).toEqual([]);
  });
});
