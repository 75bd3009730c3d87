import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPlan, planActions } from '../../../strategies/planner/planner.ts';
import type { ProposedAction } from '../../../strategies/strategy.ts';
import { brokenBy } from '../carried-out.ts';
import { cloudOf } from '../cloud.ts';
import { HOSTS, modelOf, randomCloud, UUIDS } from '../random-cloud.ts';

function propose(type: ProposedAction['type'], input: ProposedAction['input']): ProposedAction {
  return { type, input, reason: 'It is wanted.' };
}
const migrate = (uuid: string, from: string, to: string | null, kind = 'live'): ProposedAction =>
  propose('migrate', { resource_id: uuid, migration_type: kind, source_node: from, destination_node: to });
const stop = (uuid: string): ProposedAction => propose('stop', { resource_id: uuid });
const service = (host: string, state: string): ProposedAction =>
  propose('change_nova_service_state', { resource_id: host, state });
const say = (message: string): ProposedAction => propose('nop', { message });

/** What a plan does, shortly, each with the places it waits for. */
function shown(model: ReturnType<typeof cloudOf>, proposed: readonly ProposedAction[]): [string, readonly number[]][] {
  return planActions(model.fork(), proposed).actions.map(({ type, input, parents }) => [
    `${type} ${input.resource_id ?? input.message ?? input.duration}`,
    parents,
  ]);
}

const roomFor = (vcpus: number) => ({
  provider: {
    inventories: {
      VCPU: { total: vcpus, reserved: 0, allocation_ratio: 1 },
      MEMORY_MB: { total: 8_192, reserved: 0, allocation_ratio: 1 },
      DISK_GB: { total: 100, reserved: 0, allocation_ratio: 1 },
    },
  },
});
const on = (host: string) => ({ place: { host } });

describe('a plan', () => {
  it('carries out one after the other what is not to run at once', () => {
    const model = cloudOf({});
    expect(shown(model, [say('a'), say('b'), propose('sleep', { duration: 1 })])).toEqual([
      ['nop a', []],
      ['nop b', [0]],
      ['sleep 1', [1]],
    ]);
  });

  it('leaves out an action that repeats another', () => {
    const model = cloudOf({});
    expect(shown(model, [say('a'), say('a'), migrate('i', 'here', 'there'), migrate('i', 'here', 'there')])).toEqual([
      ['nop a', []],
      ['migrate i', [0]],
    ]);
  });

  it('keeps an action that undoes what was done between it and its like', () => {
    const model = cloudOf({});
    const actions = [service('there', 'disabled'), service('there', 'enabled'), service('there', 'disabled')];
    expect(planActions(model.fork(), actions).actions).toHaveLength(3);
  });

  it('moves at once what does not depend on each other, and the next step waits for all', () => {
    const model = cloudOf({ instances: { j: {} } });
    const moves = [migrate('i', 'here', 'there'), migrate('j', 'here', 'there')];
    expect(shown(model, [service('here', 'disabled'), ...moves, say('done')])).toEqual([
      ['change_nova_service_state here', []],
      ['migrate i', [0]],
      ['migrate j', [0]],
      ['nop done', [1, 2]],
    ]);
  });

  it('lets a move wait for the one that makes room for it', () => {
    const hosts = { here: roomFor(4), there: roomFor(2), far: roomFor(2) };
    const model = cloudOf({ hosts, instances: { i: on('here'), j: on('there') } });
    expect(shown(model, [migrate('i', 'here', 'there'), migrate('j', 'there', 'far')])).toEqual([
      ['migrate j', []],
      ['migrate i', [0]],
    ]);
  });

  it('rejects a move for which there is room at no time, and says so', () => {
    const hosts = { here: roomFor(2), there: roomFor(2) };
    const model = cloudOf({ hosts, instances: { i: on('here'), j: on('there') } });
    const { actions, rejected } = planActions(model.fork(), [
      migrate('i', 'here', 'there'),
      migrate('j', 'there', 'here'),
    ]);
    expect(actions).toEqual([]);
    expect(rejected.map(({ candidate, code }) => [candidate, code])).toEqual([
      ['i', 'capacity'],
      ['j', 'capacity'],
    ]);
  });

  it('moves members of a group one after the other', () => {
    const instances = { i: on('here'), j: on('there') };
    const groups = { g: { policy: 'anti-affinity', members: ['i', 'j'] } };
    const model = cloudOf({ hosts: { far: {} }, instances, groups });
    expect(shown(model, [migrate('i', 'here', 'there'), migrate('j', 'there', 'far')])).toEqual([
      ['migrate j', []],
      ['migrate i', [0]],
    ]);
  });

  it('moves cold what it stops before, in the order proposed', () => {
    const model = cloudOf({});
    expect(shown(model, [stop('i'), migrate('i', 'here', 'there', 'cold')])).toEqual([
      ['stop i', []],
      ['migrate i', [0]],
    ]);
  });

  it('moves nothing to a host that it disables before', () => {
    const model = cloudOf({});
    const { rejected } = planActions(model.fork(), [service('there', 'disabled'), migrate('i', 'here', 'there')]);
    expect(rejected.map(({ code }) => code)).toEqual(['host-disabled']);
  });

  it('leaves to nova where an instance goes that only nova can place', () => {
    const model = cloudOf({ instances: { i: { flavor: { extra_specs: { 'hw:numa_nodes': '2' } } } } });
    expect(planActions(model.fork(), [migrate('i', 'here', 'there')]).rejected[0]?.code).toBe('needs-nova');
    expect(planActions(model.fork(), [migrate('i', 'here', null)]).actions).toHaveLength(1);
  });

  it.each([
    ['not-there', migrate('i', 'elsewhere', 'there'), {}],
    ['instance-locked', stop('i'), { locked: { locked: true } }],
    ['action-state', stop('i'), { state: { vm_state: 'stopped' } }],
    ['instance-unknown', stop('nobody'), {}],
    ['unknown', stop('i'), { locked: null }],
    ['host-unknown', service('nowhere', 'disabled'), {}],
  ])('rejects with %s what cannot be done', (code, action, i) => {
    const { actions, rejected } = planActions(cloudOf({ instances: { i } }).fork(), [action]);
    expect([actions, rejected.map((one) => one.code)]).toEqual([[], [code]]);
  });

  it('does not do to an instance what was to follow something that is not possible', () => {
    const model = cloudOf({ instances: { i: { state: { vm_state: 'stopped' } } } });
    const { actions, rejected } = planActions(model.fork(), [stop('i'), migrate('i', 'here', 'there', 'cold')]);
    expect([actions, rejected.map(({ code }) => code)]).toEqual([[], ['action-state', 'after-rejected']]);
  });
});

const wanted = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        uuid: fc.constantFrom(...UUIDS),
        to: fc.constantFrom(...HOSTS),
        kind: fc.constantFrom('live', 'cold'),
        onward: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ stop: fc.constantFrom(...UUIDS) }) },
    {
      weight: 1,
      arbitrary: fc.record({ host: fc.constantFrom(...HOSTS), state: fc.constantFrom('enabled', 'disabled') }),
    },
  ),
  { maxLength: 14, size: 'max' },
);

describe('whatever is proposed in whatever cloud', () => {
  it('no order a plan allows breaks a rule, over-commits a host or moves a locked instance at any step', () => {
    let moved = 0;
    const property = fc.property(randomCloud, wanted, fc.infiniteStream(fc.nat(1_000)), (cloud, all, choices) => {
      const model = modelOf(cloud);
      const places = model.fork();
      const proposed = all.map((one) => {
        if ('stop' in one) return stop(one.stop);
        if ('host' in one) return service(one.host, one.state);
        const from = places.instance(one.uuid)?.place?.host ?? '';
        if (one.onward && from !== one.to) places.move(one.uuid, one.to);
        return migrate(one.uuid, from, one.to, one.kind);
      });
      const plan = planActions(model.fork(), proposed);
      moved += plan.actions.filter(({ type }) => type === 'migrate').length;
      const choose = (count: number): number => (choices.next().value ?? 0) % Math.max(1, count);
      expect(brokenBy(cloud, plan.actions, choose)).toEqual([]);
      expect(() => applyPlan(model.fork(), plan)).not.toThrow();
    });
    fc.assert(property, { numRuns: 400 });
    expect(moved).toBeGreaterThan(200);
  });
});
