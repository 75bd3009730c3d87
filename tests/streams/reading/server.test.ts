import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { factsOfServer } from '../../../streams/reading/server.ts';
import { fakeServer } from '../../src/openstack/fake-cloud.ts';
import { modelOf } from '../replayed.ts';
import { SECOND, stampAt, TEN, valuesOf } from './reading.ts';

const read = (changes: Record<string, unknown> = {}, sent = TEN): Fact[] =>
  factsOfServer(fakeServer('i', changes), stampAt(sent));

const instance = (...facts: Fact[][]) => modelOf(facts).instance('i');

it('a server is told in all its registers', () => {
  const facts = read({
    'OS-EXT-SRV-ATTR:hypervisor_hostname': 'node-1.example',
    metadata: { 'lifecycle:migrate': 'never' },
    tags: ['b', 'a'],
    locked: true,
    locked_reason: 'maintenance',
    'os-extended-volumes:volumes_attached': [{ id: 'v2' }, { id: 'v1' }],
    pinned_availability_zone: 'az1',
    scheduler_hints: { group: 'g', different_host: ['a', 'b'] },
  });
  expect(valuesOf(facts)).toEqual({
    domain: 'instance-i',
    place: { host: 'host-1', node: 'node-1.example' },
    state: { vm_state: 'active', task_state: null },
    power: 'running',
    identity: {
      name: 'name-i',
      hostname: 'name-i',
      project_id: 'project-1',
      user_id: 'user-1',
      image_id: 'image-1',
      created_at: '2026-11-20T10:00:00Z',
      launched_at: '2026-11-20T10:00:05Z',
    },
    metadata: { 'lifecycle:migrate': 'never' },
    flavor: {
      name: 'm1.small',
      vcpus: 1,
      memory_mb: 2048,
      root_gb: 20,
      ephemeral_gb: 0,
      swap_mb: 0,
      extra_specs: {},
    },
    tags: ['a', 'b'],
    locked: { locked: true, reason: 'maintenance' },
    volumes: ['v1', 'v2'],
    constraints: {
      scheduler_hints: { group: ['g'], different_host: ['a', 'b'] },
      image_properties: { hw_machine_type: 'q35' },
      pinned_zone: 'az1',
    },
  });
  expect(new Set(facts.map(({ cause }) => cause)).size).toBe(1);
});

it('a zone is that of the server itself only while it is on no host', () => {
  expect(valuesOf(read({ 'OS-EXT-AZ:availability_zone': 'az1' })).zone).toBeUndefined();
  const offloaded = { 'OS-EXT-SRV-ATTR:host': null, 'OS-EXT-SRV-ATTR:hypervisor_hostname': null };
  expect(valuesOf(read({ ...offloaded, 'OS-EXT-AZ:availability_zone': 'az1' })).zone).toBe('az1');
  expect(valuesOf(read({ ...offloaded, 'OS-EXT-AZ:availability_zone': '' })).zone).toBeNull();
});

it('a server that boots from a volume has no image', () => {
  const values = valuesOf(read({ image: '' }));
  expect(values.identity).toMatchObject({ image_id: null });
  expect(values.constraints).toEqual({ scheduler_hints: {}, pinned_zone: null });
});

it('claims nothing of what an older microversion leaves out', () => {
  const { tags, locked, pinned_availability_zone, scheduler_hints, flavor, ...old } = fakeServer('i');
  const values = valuesOf(factsOfServer({ ...old, flavor: { id: '1' }, image: { id: 'image-1' } }, stampAt(TEN)));
  expect(values.constraints).toEqual({});
  expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['tags']));
  expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['locked']));
  expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['flavor']));
});

it('a server of a cell that is down claims nothing', () => {
  const down = { id: 'i', status: 'UNKNOWN', tenant_id: 'p', created: '2026-11-20T10:00:00Z', links: [] };
  expect(factsOfServer(down, stampAt(TEN))).toEqual([]);
});

it('a server listed as deleted is a tombstone, a soft-deleted one is not', () => {
  const dead = { status: 'DELETED', 'OS-EXT-STS:vm_state': 'deleted', 'OS-EXT-SRV-ATTR:host': null };
  expect(valuesOf(read(dead))).toEqual({ life: true });
  const soft = { status: 'SOFT_DELETED', 'OS-EXT-STS:vm_state': 'soft-delete' };
  expect(valuesOf(read(soft))).toMatchObject({ state: { vm_state: 'soft-delete', task_state: null } });
  expect(valuesOf(read(soft)).life).toBeUndefined();
});

it('what is shown to one who is no administrator is refused, since it has no host', () => {
  const { 'OS-EXT-SRV-ATTR:host': _, ...shown } = fakeServer('i');
  expect(() => factsOfServer(shown, stampAt(TEN))).toThrow('this needs the admin role');
});

it.each([
  { updated: 'yesterday' },
  { id: '' },
  { metadata: ['a'] },
  { flavor: { vcpus: -1 } },
  { scheduler_hints: 'group' },
  { 'OS-EXT-SRV-ATTR:host': 7 },
])('garbage is refused: %j', (changes) => {
  expect(() => read(changes)).toThrow();
});

describe('a read', () => {
  const moved = { 'OS-EXT-SRV-ATTR:host': 'host-2', updated: '2026-11-20T10:00:05Z' };

  it('of the same row version beats an earlier one, in any order', () => {
    const [first, second] = [read({}, TEN), read(moved, TEN + SECOND)];
    expect(instance(first, second)?.place?.host).toBe('host-2');
    expect(instance(second, first)?.place?.host).toBe('host-2');
  });

  it('of an older row version loses against a newer one, even when it was asked for later', () => {
    const [newer, older] = [read({ ...moved, updated: '2026-11-23T09:00:00Z' }, TEN), read({}, TEN + SECOND)];
    expect(instance(newer, older)?.place?.host).toBe('host-2');
  });

  it('orders what has no row version by time alone', () => {
    const attached = { 'os-extended-volumes:volumes_attached': [{ id: 'v' }] };
    const [earlier, later] = [read({ ...attached, updated: '2026-11-23T09:00:00Z' }, TEN), read({}, TEN + SECOND)];
    expect(instance(later, earlier)?.volumes).toEqual([]);
  });

  it('of a row that was never saved has version 0, as nova shows the present moment for it', () => {
    const unsaved = {
      'OS-EXT-STS:vm_state': 'building',
      'OS-EXT-SRV-ATTR:host': null,
      updated: '2026-11-23T10:00:00Z',
    };
    const facts = factsOfServer(fakeServer('i', unsaved), stampAt(TEN + SECOND / 2, { took: SECOND / 10 }));
    const place = facts.find(({ register }) => register === 'place');
    expect(place?.clock).toMatch(/^0000000000\.1\./);
    const saved = factsOfServer(fakeServer('i', unsaved), stampAt(TEN + 60 * SECOND));
    expect(saved[0]?.clock).not.toMatch(/^0000000000\./);
  });

  it('with a row version of the far future is cut, so that notifications are not shut out for ever', () => {
    const facts = factsOfServer(fakeServer('i', { updated: '2027-11-23T10:00:00Z' }), stampAt(TEN, { now: TEN }));
    expect(Number(facts[0]?.clock.slice(0, 10))).toBe(TEN / SECOND + 300);
  });
});
