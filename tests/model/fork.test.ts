import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fork, StaleForkError } from '../../model/fork.ts';
import { LiveModel } from '../../model/live-model.ts';
import { makeRevision } from '../../model/revision.ts';
import type { View } from '../../model/view.ts';
import { answers, ScanView } from './scan-view.ts';
import { fact as told } from './stores/facts.ts';
import { changesOf, factsLeft, HOSTS, steps, UUIDS } from './world.ts';

interface Move {
  readonly uuid: string;
  readonly host: string;
}

const moves = fc.array(fc.record({ uuid: fc.constantFrom(...UUIDS), host: fc.constantFrom(...HOSTS, 'nowhere') }), {
  maxLength: 12,
});

/** A model of what happened, and one in which instances were moved as well. */
function modelOf(happened: Parameters<typeof changesOf>[0]): LiveModel {
  const model = new LiveModel();
  model.apply(changesOf(happened));
  return model;
}

/** What the facts are after moves were really made, as a later place of each instance that is not there already. */
function really(happened: Parameters<typeof factsLeft>[0], made: readonly Move[]): ScanView {
  const facts = factsLeft(happened);
  for (const { uuid, host } of made) {
    const element = `instance/${uuid}` as const;
    if (new ScanView(facts).instance(uuid)?.place?.host === host) continue;
    const place = told(element, 'place', 1, { host, node: null });
    const known = facts.findIndex((one) => one.element === element && one.register === 'place');
    if (known < 0) facts.push(place);
    else facts[known] = place;
  }
  return new ScanView(facts);
}

/** Makes those of the moves that can be made. */
function make(fork: Fork, wanted: readonly Move[]): Move[] {
  const possible = wanted.filter(({ uuid }) => fork.instance(uuid) !== undefined);
  for (const { uuid, host } of possible) fork.move(uuid, host);
  return possible;
}

function small(): LiveModel {
  const model = new LiveModel();
  const flavor = { name: 'f', vcpus: 2, memory_mb: 512, root_gb: 10, ephemeral_gb: 1, swap_mb: 1, extra_specs: {} };
  const at = (host: string | null) => ({ host, node: host });
  model.load(
    [
      ...['a', 'b', 'c'].map((id) => told(`instance/${id}`, 'place', 1, at(id === 'c' ? null : 'h0'))),
      ...['a', 'b', 'c'].map((id) => told(`instance/${id}`, 'flavor', 1, flavor)),
    ],
    '1-1',
  );
  return model;
}

/** Every way to read a view. */
const READS: readonly ((view: View) => unknown)[] = [
  (view) => view.instance('a'),
  (view) => [...view.instances()],
  (view) => view.instanceCount(),
  (view) => [...view.instancesOn('h0')],
  (view) => [...view.instancesOf('p0')],
  (view) => view.host('h0'),
  (view) => [...view.hosts()],
  (view) => view.totalsOn('h0'),
  (view) => view.totalsOn('h1'),
  (view) => view.aggregate('a0'),
  (view) => [...view.aggregates()],
  (view) => [...view.aggregatesOf('h0')],
  (view) => view.serverGroup('g0'),
  (view) => [...view.serverGroups()],
  (view) => [...view.groupsOf('a')],
];

describe('a what-if', () => {
  it('answers as if the moves had really been made, and leaves the model as it is', () => {
    fc.assert(
      fc.property(steps, moves, (happened, wanted) => {
        const model = modelOf(happened);
        const before = answers(model);
        const fork = model.fork();
        const made = make(fork, wanted);
        expect(answers(fork)).toEqual(answers(really(happened, made)));
        expect(answers(model)).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  it('of a what-if answers likewise, and leaves the first as it is', () => {
    fc.assert(
      fc.property(steps, moves, moves, moves, (happened, first, second, third) => {
        const fork = modelOf(happened).fork();
        const made = make(fork, first);
        const before = answers(fork);
        const child = fork.fork();
        const more = make(child, second);
        const grandchild = child.fork();
        const most = make(grandchild, third);
        expect(answers(child)).toEqual(answers(really(happened, [...made, ...more])));
        expect(answers(grandchild)).toEqual(answers(really(happened, [...made, ...more, ...most])));
        expect(answers(fork)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('costs nothing until something is moved: it answers with the same objects', () => {
    const model = small();
    const fork = model.fork();
    for (const instance of model.instances()) expect(fork.instance(instance.uuid)).toBe(instance);
    expect(fork.totalsOn('h0')).toBe(model.totalsOn('h0'));
    expect(fork.revision).toBe(model.revision);
  });

  it('knows a host that only a move names, and no longer one that nothing else named', () => {
    const fork = small().fork();
    expect(fork.host('h9')).toBeUndefined();
    fork.move('a', 'h9');
    expect(fork.host('h9')).toEqual({ name: 'h9', service: null, up: null, nodes: [] });
    fork.move('b', 'h9');
    expect([...fork.hosts()].map(({ name }) => name)).toEqual(['h9']);
    expect(fork.host('h0')).toBeUndefined();
  });

  it('does not move what is there already, nor lose its node', () => {
    const model = small();
    const fork = model.fork();
    fork.move('a', 'h0');
    expect(fork.instance('a')).toBe(model.instance('a'));
  });

  it('shows an instance in another state where it is, also once it is moved, and leaves the model as it is', () => {
    const model = small();
    const fork = model.fork();
    const state = { vm_state: 'stopped', task_state: null };
    fork.setState('a', 'stopped');
    expect(fork.instance('a')).toEqual({ ...model.instance('a'), state });
    expect([...fork.instancesOn('h0')].map(({ uuid }) => uuid).sort()).toEqual(['a', 'b']);
    expect(fork.totalsOn('h0')).toEqual(model.totalsOn('h0'));
    fork.move('a', 'h1');
    expect([...fork.instancesOn('h0')].map(({ uuid }) => uuid)).toEqual(['b']);
    expect([...fork.fork().instancesOn('h1')]).toMatchObject([{ uuid: 'a', state, place: { host: 'h1' } }]);
    expect(model.instance('a')?.state).toBeNull();
  });

  it('shows a host as disabled and enabled, and leaves the model as it is', () => {
    const model = small();
    model.load(
      [told('host/h0', 'service/s', 1, { disabled: false, disabled_reason: null, forced_down: false })],
      '1-2',
    );
    const fork = model.fork();
    fork.setService('h0', true, 'why');
    expect(fork.host('h0')?.service).toMatchObject({ disabled: true, disabled_reason: 'why', uuid: 's' });
    expect([...fork.hosts()].map(({ service }) => service?.disabled)).toEqual([true]);
    fork.setService('h0', false, null);
    expect(fork.host('h0')).toEqual(model.host('h0'));
  });

  it('does not change the service of a host of which none is known', () => {
    const fork = small().fork();
    fork.setService('h0', true, 'why');
    expect(fork.host('h0')?.service).toBeNull();
  });

  it('cannot move or stop what is not there', () => {
    expect(() => small().fork().move('nobody', 'h1')).toThrow(RangeError);
    expect(() => small().fork().setState('nobody', 'stopped')).toThrow(RangeError);
  });
});

describe('a what-if of a model that has gone on', () => {
  const stale = (change: (model: LiveModel, fork: Fork) => unknown): Fork => {
    const model = small();
    const fork = model.fork();
    fork.move('a', 'h1');
    change(model, fork);
    return fork;
  };
  const place = { host: 'h5', node: null };

  it.each([
    [
      'by a change',
      (model: LiveModel) =>
        model.apply([
          { element: 'instance/b', facts: [told('instance/b', 'place', 9, place)], revision: '1-2', previous: null },
        ]),
    ],
    [
      'by loading at the same revision',
      (model: LiveModel) => model.load([told('instance/b', 'place', 9, place)], '1-1'),
    ],
    ['by forgetting', (model: LiveModel) => model.retain(new Set(), '1-1')],
  ] as const)('cannot be read any more, in any way, when it went on %s', (_, change) => {
    const fork = stale(change);
    for (const read of READS) expect(() => read(fork), String(read)).toThrow(StaleForkError);
    expect(() => fork.move('a', 'h2')).toThrow(StaleForkError);
    expect(() => fork.setState('a', 'stopped')).toThrow(StaleForkError);
    expect(() => fork.setService('h0', true, null)).toThrow(StaleForkError);
    expect(() => fork.fork().instanceCount()).toThrow(StaleForkError);
  });

  it('cannot be read through a what-if of it either, nor can that when the first goes on', () => {
    const model = small();
    const parent = model.fork();
    const child = parent.fork();
    child.move('a', 'h1');
    parent.move('b', 'h1');
    for (const read of READS) expect(() => read(child), String(read)).toThrow(StaleForkError);
    const other = parent.fork();
    other.move('a', 'h1');
    expect(other.totalsOn('h1').instances).toBe(2);
    model.load([told('instance/b', 'place', 9, place)], makeRevision(1, 2));
    for (const read of READS) expect(() => read(other), String(read)).toThrow(StaleForkError);
  });

  it('says what it was made of and what to do', () => {
    const fork = stale((model) => model.load([told('instance/b', 'place', 9, place)], '1-2'));
    expect(() => fork.instanceCount()).toThrow(/revision 1-1.*1-2.*make a new one/);
  });

  it('can be read when what was told changed nothing', () => {
    const fork = stale((model) => model.load([told('instance/b', 'place', 9, { host: 'h0', node: 'h0' })], '1-2'));
    expect(fork.totalsOn('h1').instances).toBe(1);
  });
});
