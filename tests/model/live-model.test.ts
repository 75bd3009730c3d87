import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ElementKey, elementKey } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import { LiveModel } from '../../model/live-model.ts';
import { REGISTER } from '../../model/registers.ts';
import { compareRevisions, makeRevision, NO_REVISION } from '../../model/revision.ts';
import { applied, oneByOne, sizes } from './applied.ts';
import { answers, countStates, ScanView, sum } from './scan-view.ts';
import { fact as told } from './stores/facts.ts';
import { changesOf, fact, factsLeft, HOSTS, type Step, steps } from './world.ts';

function expectSame(model: LiveModel, left: readonly Fact[]): void {
  const scan = new ScanView(left);
  expect(answers(model)).toEqual(answers(scan));
  expect(model.totals()).toEqual({ all: sum(scan.instances()), byState: countStates(scan.instances()) });
}

describe('the live model', () => {
  it('answers after any changes what looking at everything gives', () => {
    fc.assert(
      fc.property(steps, sizes, (happened, batches) => {
        expectSame(applied(changesOf(happened), batches).model, factsLeft(happened));
      }),
      { numRuns: 500 },
    );
  });

  it('answers the same at every moment in between', () => {
    fc.assert(
      fc.property(steps, (happened) => {
        const model = new LiveModel();
        const changes = changesOf(happened);
        let seen = 0;
        for (let i = 1; i <= happened.length; i++) {
          const until = happened.slice(0, i);
          const more = changesOf(until).length;
          model.apply(changes.slice(seen, more));
          seen = more;
          expectSame(model, factsLeft(until));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('answers when all it was told of an element is that what is known was said again', () => {
    for (const kind of ['instance', 'host', 'aggregate', 'server_group'] as const) {
      for (const name of Object.values(REGISTER)) {
        const register = name.endsWith('/') ? `${name}a` : name;
        const again: Fact = { ...told(elementKey(kind, '1'), register, 7, null), value: undefined };
        const { model } = applied(oneByOne([again]));
        expect(() => answers(model), `${kind} ${register}`).not.toThrow();
      }
    }
  });

  it('comes to the same in any order of facts', () => {
    const orders = fc
      .array(fact, { maxLength: 60 })
      .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })));
    fc.assert(
      fc.property(orders, ([facts, order]) => {
        expect(answers(applied(oneByOne(order)).model)).toEqual(answers(applied(oneByOne(facts)).model));
      }),
      { numRuns: 200 },
    );
  });

  it('comes to the same when it is loaded while changes go on, which it is told as well', () => {
    fc.assert(
      fc.property(steps.map(withoutCollections), fc.nat(), fc.nat(), (happened, at, later) => {
        const changes = changesOf(happened);
        const head = changes.length === 0 ? 0 : at % (changes.length + 1);
        const scanned = happened.slice(0, head + (later % (happened.length + 1)));
        const model = new LiveModel();
        for (const one of factsLeft(scanned)) model.load([one], makeRevision(1, head));
        model.apply(changes.slice(head));
        // A scan may be ahead of the head it was begun at, but never of the changes that are told after it.
        expectSame(model, factsLeft(happened));
      }),
      { numRuns: 200 },
    );
  });

  it('can be told from another one', () => {
    fc.assert(
      fc.property(steps, (happened) => {
        const { model } = applied(changesOf(happened));
        const other = new LiveModel();
        other.load([...model.facts()], model.revision);
        expect(answers(other)).toEqual(answers(model));
        expect([...other.facts()].length).toBe([...model.facts()].length);
      }),
      { numRuns: 100 },
    );
  });

  it('has after reloading elements what they were reloaded with, whatever it held of them', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const { model } = applied(changesOf(before));
        const anew = factsLeft(after);
        const reloaded = new Set(anew.map(({ element }) => element));
        model.reload(anew, makeRevision(2, 0));
        expectSame(model, [...anew, ...factsLeft(before).filter(({ element }) => !reloaded.has(element))]);
      }),
      { numRuns: 100 },
    );
  });

  it('takes no notice of elements of a kind that a later Vigil may keep in the same store', () => {
    const model = new LiveModel();
    const facts = ['volume/v', 'instance', ''].flatMap((element) => [
      told(element as ElementKey, 'place', 1, { host: 'h', node: null }),
      told(element as ElementKey, 'volumes', 1, ['x']),
    ]);
    expect(model.load(facts, '1-1')).toEqual([]);
    expect(model.load([told('volume/v' as ElementKey, 'volumes', 2, ['x'])], '1-2')).toEqual([]);
    expect([model.instanceCount(), [...model.hosts()].length]).toEqual([0, 0]);
    expect([...model.facts()]).toHaveLength(6);
  });

  it('forgets what is not to be retained, and nothing else', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (happened, pick) => {
        const { model } = applied(changesOf(happened));
        const left = factsLeft(happened);
        const keep = new Set(left.map(({ element }) => element).filter((_, i) => (pick + i) % 3 !== 0));
        const kept = left.filter(({ element }) => keep.has(element));
        const visible = model.retain(keep, makeRevision(2, 0));
        expectSame(model, kept);
        for (const { cause } of visible) expect(cause).toBeNull();
        const told = new Map(visible.map(({ kind, id, after }) => [`${kind}/${id}`, { kind, id, after }]));
        // A host of which nothing is told any more is there as long as an instance names it.
        for (const { kind, id, after } of told.values())
          expect(after).toEqual(kind === 'host' ? (model.host(id) ?? null) : null);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the revision', () => {
  it('is that of the last change, and never goes back', () => {
    const model = new LiveModel();
    expect(model.revision).toBe(NO_REVISION);
    model.load([told('host/h0', 'heartbeat', 1, { up: true })], '1-7');
    model.apply([
      { element: 'host/h0', facts: [told('host/h0', 'heartbeat', 2, { up: false })], revision: '1-3', previous: null },
    ]);
    expect(model.revision).toBe('1-7');
    model.apply([]);
    expect(model.revision).toBe('1-7');
    fc.assert(
      fc.property(steps, (happened) => {
        const changes = changesOf(happened);
        const { model: all } = applied(changes);
        expect(all.revision).toBe(changes.at(-1)?.revision ?? NO_REVISION);
        expect(compareRevisions(all.revision, NO_REVISION)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 30 },
    );
  });

  it('is beside the newest time that anything was said, won or not by a new value', () => {
    const model = new LiveModel();
    expect(model.newest).toBe(0);
    model.load([told('host/h0', 'heartbeat', 5, { up: true }), told('host/h0', 'inventory/n', 3, null)], '1-1');
    expect(model.newest).toBe(5);
    model.load([told('host/h0', 'heartbeat', 9, { up: true })], '1-2');
    expect(model.newest).toBe(9);
    model.load([told('host/h0', 'heartbeat', 7, { up: false })], '1-3');
    expect(model.newest).toBe(9);
  });
});

describe('an explanation', () => {
  it('gives every register with what made us believe it, sorted, of the deleted too', () => {
    fc.assert(
      fc.property(steps, (happened) => {
        const { model } = applied(changesOf(happened));
        const left = factsLeft(happened);
        for (const element of new Set(left.map((one) => one.element))) {
          const expected = left
            .filter((one) => one.element === element)
            .sort((a, b) => (a.register < b.register ? -1 : 1));
          expect(model.explain(element)).toEqual(
            expected.map(({ register, value, clock, cause }) => ({ register, value, clock, cause })),
          );
        }
        expect(model.explain('instance/never')).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is handed out', () => {
  const build = (): LiveModel => {
    const model = new LiveModel();
    const place = { host: 'h0', node: 'h0' };
    const group = { name: 'g', policy: null, max_server_per_host: null, project_id: null, user_id: null };
    model.load(
      [
        told('instance/i0', 'place', 1, place),
        told('host/h1', 'service/s0', 1, { disabled: false, disabled_reason: null, forced_down: false }),
        told('host/h1', 'inventory/n', 1, { uuid: 'u', vcpus: 1, memory_mb: 1, disk_gb: 1, hypervisor_type: null }),
        told('aggregate/a0', 'aggregate', 1, { id: 1, name: 'a', hosts: ['h0'], metadata: {} }),
        told('server_group/g0', 'group', 1, group),
        told('server_group/g0', 'member/i0', 1, true),
      ],
      '1-1',
    );
    return model;
  };

  it('is frozen', () => {
    const model = build();
    const fork = model.fork();
    fork.move('i0', 'h1');
    const all = [
      ...model.instances(),
      ...model.hosts(),
      ...model.aggregates(),
      ...model.serverGroups(),
      ...fork.instances(),
      ...fork.hosts(),
    ];
    expect(all.length).toBeGreaterThanOrEqual(7);
    for (const one of all) expect(Object.isFrozen(one)).toBe(true);
    for (const list of [model.host('h1')?.nodes, model.host('h0')?.nodes, model.serverGroup('g0')?.members]) {
      expect(Object.isFrozen(list)).toBe(true);
    }
    for (const node of model.host('h1')?.nodes ?? []) expect(Object.isFrozen(node)).toBe(true);
  });

  it('stays what it was when the model goes on', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const changes = changesOf([...before, ...after]);
        const at = changesOf(before).length;
        const { model } = applied(changes.slice(0, at));
        const elements = [...model.instances(), ...model.hosts(), ...model.aggregates(), ...model.serverGroups()];
        const held = [...elements, ...HOSTS.map((host) => model.totalsOn(host)), model.totals().all];
        const copies = structuredClone(held);
        model.apply(changes.slice(at));
        expect(held).toEqual(copies);
      }),
      { numRuns: 50 },
    );
  });
});

function withoutCollections(happened: readonly Step[]): Step[] {
  return happened.filter((step) => 'facts' in step);
}
