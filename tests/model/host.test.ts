import { describe, expect, it } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import { LiveModel } from '../../model/live-model.ts';
import { fact } from './stores/facts.ts';

const OLD = 'service/old';
const NEW = 'service/new';
const running = (disabled = false) => ({ disabled, disabled_reason: null, forced_down: false });
const inventory = { uuid: 'u', vcpus: 4, memory_mb: 8, disk_gb: 9, hypervisor_type: 'QEMU' };

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) yield [...items];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

function modelOf(facts: readonly Fact[]): LiveModel {
  const model = new LiveModel();
  for (const one of facts) model.load([one], '1-1');
  return model;
}

describe('a host', () => {
  it('whose service was deleted and made anew lives with the new one, whatever comes first', () => {
    const facts = [
      fact('host/h', OLD, 1, running()),
      fact('host/h', OLD, 2, running(true)),
      fact('host/h', 'life/old', 3, true),
      fact('host/h', NEW, 4, running()),
    ];
    for (const order of permutations(facts)) {
      expect(modelOf(order).host('h')?.service).toEqual({ ...running(), uuid: 'new' });
    }
  });

  it('is not brought back by what is told late of a service that was deleted', () => {
    const facts = [
      fact('host/h', OLD, 1, running()),
      fact('host/h', 'life/old', 2, true),
      fact('host/h', OLD, 9, running(true)),
      fact('host/h', 'heartbeat', 9, { up: true }),
    ];
    for (const order of permutations(facts)) {
      expect(modelOf(order).host('h')).toBeUndefined();
      expect([...modelOf(order).hosts()]).toEqual([]);
    }
  });

  it('falls back to an older service when the newer one is deleted', () => {
    const facts = [
      fact('host/h', OLD, 1, running(true)),
      fact('host/h', NEW, 2, running()),
      fact('host/h', 'life/new', 3, true),
    ];
    for (const order of permutations(facts)) expect(modelOf(order).host('h')?.service?.uuid).toBe('old');
  });

  it('has the service last spoken of, when the deletion of the other was lost', () => {
    const facts = [
      fact('host/h', OLD, 1, running()),
      fact('host/h', NEW, 2, running()),
      fact('host/h', NEW, 5, running(true)),
    ];
    for (const order of permutations(facts)) {
      expect(modelOf(order).host('h')?.service).toEqual({ ...running(true), uuid: 'new' });
    }
  });

  it('is up or down as nova was last asked, and neither before', () => {
    const model = modelOf([fact('host/h', OLD, 1, running())]);
    expect(model.host('h')?.up).toBeNull();
    model.load([fact('host/h', 'heartbeat', 1, { up: false })], '1-2');
    expect(model.host('h')?.up).toBe(false);
  });

  it('has its nodes sorted by name, without those that are gone', () => {
    const model = modelOf([
      fact('host/h', 'inventory/b', 1, inventory),
      fact('host/h', 'inventory/a', 1, inventory),
      fact('host/h', 'inventory/c', 1, inventory),
      fact('host/h', 'inventory/c', 2, null),
    ]);
    expect(model.host('h')?.nodes.map(({ name, vcpus }) => [name, vcpus])).toEqual([
      ['a', 4],
      ['b', 4],
    ]);
  });
});

describe('a host that only instances name', () => {
  const place = (host: string | null) => ({ host, node: null });

  it('is there as long as one of them is', () => {
    const model = modelOf([fact('instance/a', 'place', 1, place('h')), fact('instance/b', 'place', 1, place('h'))]);
    expect(model.host('h')).toEqual({ name: 'h', service: null, up: null, nodes: [] });
    expect([...model.hosts()].map(({ name }) => name)).toEqual(['h']);
    model.load([fact('instance/a', 'place', 2, place(null)), fact('instance/b', 'life', 2, true)], '1-2');
    expect(model.host('h')).toBeUndefined();
    expect([...model.hosts()]).toEqual([]);
  });

  it('is one host with its service once that is told, and stays when the service goes', () => {
    const model = modelOf([fact('instance/a', 'place', 1, place('h')), fact('host/h', OLD, 1, running())]);
    expect([...model.hosts()]).toHaveLength(1);
    expect(model.host('h')?.service?.uuid).toBe('old');
    model.load([fact('host/h', 'life/old', 2, true)], '1-2');
    expect([...model.hosts()]).toEqual([{ name: 'h', service: null, up: null, nodes: [] }]);
  });

  it('is not there for what was told of it and is gone', () => {
    const model = modelOf([fact('host/h', 'inventory/n', 1, inventory), fact('host/h', 'inventory/n', 2, null)]);
    expect(model.host('h')).toBeUndefined();
    expect([...model.hosts()]).toEqual([]);
  });
});
