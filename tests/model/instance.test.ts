import { describe, expect, it } from 'vitest';
import type { Fact, Value } from '../../model/fact.ts';
import { usageOf } from '../../model/instance.ts';
import { LiveModel } from '../../model/live-model.ts';
import { claimed, factsOfMessage, firstOf } from '../streams/messages.ts';
import { fact } from './stores/facts.ts';

const KEY = 'instance/i';

function instanceOf(facts: readonly Fact[]) {
  const model = new LiveModel();
  for (const one of facts) model.load([one], '1-1');
  const instance = model.instance('i');
  if (instance === undefined) throw new Error('there is no instance');
  return instance;
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) yield [...items];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

describe('an instance', () => {
  it('has null for what nobody told yet', () => {
    const { uuid, ...rest } = instanceOf([fact(KEY, 'power', 1, 'running')]);
    expect(uuid).toBe('i');
    expect(rest).toMatchObject({ power: 'running', place: null, state: null, flavor: null, volumes: null, tags: null });
  });
});

/**
 * What an instance takes of placement, as nova counts it (scheduler/utils.py, resources_from_flavor): no root disk when it
 * boots from a volume, ephemeral disks always, swap in whole GiB rounded up.
 */
describe('the usage of an instance', () => {
  const cases: readonly (readonly [
    string,
    { root: number; ephemeral: number; swap: number; image: string | null },
    number,
  ])[] = [
    ['a root disk', { root: 20, ephemeral: 0, swap: 0, image: 'i' }, 20],
    ['a root volume', { root: 20, ephemeral: 0, swap: 0, image: null }, 0],
    ['ephemeral disks beside a root disk', { root: 20, ephemeral: 5, swap: 0, image: 'i' }, 25],
    ['ephemeral disks beside a root volume', { root: 20, ephemeral: 5, swap: 0, image: null }, 5],
    ['1 MiB of swap', { root: 1, ephemeral: 0, swap: 1, image: 'i' }, 2],
    ['1023 MiB of swap', { root: 1, ephemeral: 0, swap: 1_023, image: 'i' }, 2],
    ['1 GiB of swap', { root: 1, ephemeral: 0, swap: 1_024, image: 'i' }, 2],
    ['1 GiB and 1 MiB of swap', { root: 1, ephemeral: 0, swap: 1_025, image: 'i' }, 3],
    ['swap beside a root volume', { root: 99, ephemeral: 7, swap: 2_048, image: null }, 9],
    ['no disk at all', { root: 0, ephemeral: 0, swap: 0, image: 'i' }, 0],
  ];

  it.each(cases)('counts %s', (_, { root, ephemeral, swap, image }, disk_gb) => {
    const flavor = { name: 'f', vcpus: 3, memory_mb: 700, root_gb: root, ephemeral_gb: ephemeral, swap_mb: swap };
    const { identity } = claimed(firstOf('multi_create', 'instance.create.end')) as {
      identity: { [key: string]: Value };
    };
    const instance = instanceOf([
      fact(KEY, 'flavor', 1, { ...flavor, extra_specs: {} }),
      fact(KEY, 'identity', 1, { ...identity, image_id: image }),
    ]);
    expect(usageOf(instance)).toEqual({ instances: 1, vcpus: 3, memory_mb: 700, disk_gb });
  });

  it('is nothing but itself before its flavor is told', () => {
    expect(usageOf(instanceOf([fact(KEY, 'power', 1, 'x')]))).toEqual({
      instances: 1,
      vcpus: 0,
      memory_mb: 0,
      disk_gb: 0,
    });
  });

  it('counts the root disk as long as nobody told whether there is an image', () => {
    const flavor = { name: 'f', vcpus: 1, memory_mb: 1, root_gb: 9, ephemeral_gb: 0, swap_mb: 0, extra_specs: {} };
    expect(usageOf(instanceOf([fact(KEY, 'flavor', 1, flavor)])).disk_gb).toBe(9);
  });

  it('of a recorded creation is what its flavor says', () => {
    const created = firstOf('multi_create', 'instance.create.end');
    const model = new LiveModel();
    model.load(factsOfMessage(created), '1-1');
    const { flavor } = created.payload['nova_object.data'] as unknown as {
      flavor: { 'nova_object.data': { vcpus: number; memory_mb: number; root_gb: number } };
    };
    const { vcpus, memory_mb, root_gb } = flavor['nova_object.data'];
    expect(model.totals().all).toEqual({ instances: 1, vcpus, memory_mb, disk_gb: root_gb });
  });
});

describe('the volumes of an instance', () => {
  const list = (time: number, ...ids: string[]): Fact => fact(KEY, 'volumes', time, ids);
  const attached = (time: number, id: string): Fact => fact(KEY, `volume/${id}`, time, true);
  const detached = (time: number, id: string): Fact => fact(KEY, `volume/${id}`, time, false);

  const cases: readonly (readonly [string, readonly Fact[], readonly string[] | null])[] = [
    ['nothing was told', [fact(KEY, 'power', 1, 'x')], null],
    ['a list was told', [list(1, 'b', 'a')], ['a', 'b']],
    ['an empty list was told', [list(1)], []],
    ['one was attached, and no list is known', [attached(1, 'a')], ['a']],
    ['one was detached, and no list is known', [detached(1, 'a')], []],
    ['one was attached after the list', [list(1, 'a'), attached(2, 'b')], ['a', 'b']],
    ['one was detached after the list', [list(1, 'a', 'b'), detached(2, 'a')], ['b']],
    ['the list is newer than an attachment', [attached(1, 'a'), list(2, 'b')], ['b']],
    ['the list is newer than a detachment', [detached(1, 'a'), list(2, 'a')], ['a']],
    ['one was attached again', [list(1), attached(2, 'a'), detached(3, 'a'), attached(4, 'a')], ['a']],
    ['one was swapped for another', [list(1, 'a', 'c'), detached(2, 'a'), attached(2, 'b')], ['b', 'c']],
    ['the same list was told again later', [list(1, 'a'), attached(2, 'b'), list(3, 'a')], ['a']],
  ];

  it.each(cases)('are right, in any order, when %s', (_, facts, volumes) => {
    for (const order of permutations(facts)) expect(instanceOf(order).volumes).toEqual(volumes);
  });
});
