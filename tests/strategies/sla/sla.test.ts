import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GOALS } from '../../../strategies/catalogue/goals.ts';
import { sla } from '../../../strategies/sla/sla.ts';
import type { Solved } from '../../../strategies/solve.ts';
import type { StrategyInput } from '../../../strategies/strategy.ts';
import { brokenBy } from '../carried-out.ts';
import { cloudOf, type InstanceTold, type Told } from '../cloud.ts';
import { measured, type Table } from '../measured.ts';
import { HOSTS, modelOf, randomCloud, UUIDS } from '../random-cloud.ts';
import { NOW, solved } from '../solving.ts';

const STEAL = { rule: 'steal', metric: 'cpu_steal', resources: ['victim'] };

/** On `here` a victim, a noisy neighbour of four vCPUs and a quiet one; `there` is idle. */
function noisyCloud(more: { readonly [uuid: string]: InstanceTold } = {}, hosts: Told['hosts'] = {}): Told {
  const small = { place: { host: 'here' } };
  const noisy = { place: { host: 'here' }, flavor: { vcpus: 4 } };
  const told = { i: { place: { host: 'there' } }, victim: small, noisy, quiet: small };
  const instances: Record<string, InstanceTold> = { ...told };
  for (const [uuid, own] of Object.entries(more)) instances[uuid] = { ...instances[uuid], ...own };
  return { hosts: { here: { inventory: { vcpus: 4 } }, there: { inventory: { vcpus: 4 } }, ...hosts }, instances };
}

/** The victim's steal rises and falls with what the noisy one uses; the quiet one goes its own way. */
const TABLE: Table = {
  cpu_util: { noisy: [20, 90, 95, 30, 90, 95], quiet: [21, 20, 20, 21, 21, 20], victim: 30, i: 10 },
  cpu_steal: { victim: [2, 25, 30, 4, 26, 29] },
};

function act(told: Told, table: Table = TABLE, parameters = {}, more: Partial<StrategyInput> = {}): Solved {
  return solved(sla, cloudOf(told).fork(), { ...parameters }, { trigger: STEAL, metrics: measured(table), ...more });
}

const moves = ({ actions }: Solved): unknown[] =>
  actions.map(({ type, input }) => [type, input.resource_id, input.source_node, input.destination_node]);
const codeOf = ({ rejected }: Solved, uuid: string): string | undefined =>
  rejected.find(({ candidate }) => candidate === uuid)?.code;

describe('the strategy sla', () => {
  it('moves the noisy neighbour away from its victim, live, and says why', () => {
    const solution = act(noisyCloud());
    expect(moves(solution)).toEqual([['migrate', 'noisy', 'here', 'there']]);
    expect(solution.actions[0]?.input.migration_type).toBe('live');
    expect(solution.actions[0]?.reason).toMatch(
      /It has 70 % of the cpu_util on here, where cpu_steal strikes one victim; it goes along with what they suffer \(correlation 1.00\)/,
    );
    expect(solution.actions[0]?.reason).toMatch(/Demand for each CPU sinks from 1\.\d\d to 0\.\d\d there/);
  });

  it('compares demand over the window of the rule, so that who has just begun is not taken for the quiet one it was', () => {
    const told = noisyCloud({ quiet: { flavor: { vcpus: 4 } } });
    const noisy = [...Array(27).fill(3), 85, 85, 85];
    const table: Table = { cpu_util: { noisy, quiet: 60, victim: 30, i: 10 }, cpu_steal: { victim: 25 } };
    const movedBy = (window: number) => moves(act(told, table, {}, { trigger: { ...STEAL, window } }))[0];
    expect(movedBy(30)).toEqual(['migrate', 'noisy', 'here', 'there']);
    expect(movedBy(300)).not.toEqual(movedBy(30));
  });

  it('says of everybody else on the host why nothing is done to them', () => {
    const solution = act(noisyCloud());
    expect(codeOf(solution, 'victim')).toBe('gains-less');
    expect(codeOf(solution, 'quiet')).toBe('gains-too-little');
  });

  it('tells what the plan brings by the indicators of its goal', () => {
    const { indicators, globalEfficacy } = act(noisyCloud());
    const goal = GOALS.find(({ name }) => name === 'sla');
    expect(indicators.map(({ name, unit }) => [name, unit])).toEqual(
      goal?.efficacy.map(({ name, unit }) => [name, unit]),
    );
    expect(Object.fromEntries(indicators.map(({ name, value }) => [name, value]))).toMatchObject({
      ...{ victims_count: 1, relieved_victims_count: 1, instance_migrations_count: 1 },
    });
    expect(globalEfficacy[0]?.value).toBeGreaterThan(50);
  });

  it('suspects of two that use the same the one whose course goes along', () => {
    const table = {
      ...TABLE,
      cpu_util: { ...TABLE.cpu_util, noisy: [70, 70, 71, 70, 71, 70], other: [20, 95, 98, 25, 90, 92] },
    };
    const solution = act(noisyCloud({ other: { place: { host: 'here' }, flavor: { vcpus: 4 } } }), table);
    expect(moves(solution)).toEqual([['migrate', 'other', 'here', 'there']]);
  });

  it('moves the victim when the aggressor may not be moved', () => {
    const solution = act(noisyCloud({ noisy: { locked: { locked: true } } }));
    expect(codeOf(solution, 'noisy')).toBe('instance-locked');
    expect(moves(solution)).toEqual([['migrate', 'victim', 'here', 'there']]);
    expect(solution.actions[0]?.reason).toMatch(/strikes one victim, itself among them; whether it goes along/);
  });

  it('does not move what is more important than the victims', () => {
    const solution = act(noisyCloud({ noisy: { metadata: { 'watcher-priority': '5' } } }));
    expect(codeOf(solution, 'noisy')).toBe('more-important');
    const equal = { metadata: { 'watcher-priority': '5' } };
    expect(moves(act(noisyCloud({ noisy: equal, victim: equal })))).toEqual([['migrate', 'noisy', 'here', 'there']]);
  });

  it('leaves where it is what was moved not long ago', () => {
    const moved = (seconds: number) => ({ history: { lastMove: () => NOW - seconds * 1_000 } });
    const solution = act(noisyCloud(), TABLE, {}, moved(300));
    expect([moves(solution), codeOf(solution, 'noisy')]).toEqual([[], 'cooldown']);
    expect(moves(act(noisyCloud(), TABLE, {}, moved(900)))).toHaveLength(1);
  });

  it('does nothing for less than the minimum gain', () => {
    const solution = act(noisyCloud({ victim: { locked: { locked: true } } }), TABLE, { minimum_gain: 100 });
    expect([moves(solution), codeOf(solution, 'noisy')]).toEqual([[], 'gains-too-little']);
  });

  it('does not move the trouble elsewhere', () => {
    const solution = act(noisyCloud(), { ...TABLE, cpu_util: { ...TABLE.cpu_util, there: 80 } });
    expect([moves(solution), codeOf(solution, 'noisy')]).toEqual([[], 'no-better-host']);
  });

  it('takes of the hosts that may take it the one of which least is asked', () => {
    const told = noisyCloud({}, { far: { inventory: { vcpus: 4 } } });
    const solution = act(told, { ...TABLE, cpu_util: { ...TABLE.cpu_util, there: 20, far: 3 } });
    expect(moves(solution)).toEqual([['migrate', 'noisy', 'here', 'far']]);
  });

  it('does not move to another host whose instances suffer too', () => {
    const trigger = { ...STEAL, resources: ['victim', 'i'] };
    const solution = act(noisyCloud(), TABLE, {}, { trigger });
    expect([moves(solution), codeOf(solution, 'noisy')]).toEqual([[], 'no-host']);
  });

  it('rejects what nothing was measured of', () => {
    const solution = act(noisyCloud(), { cpu_steal: TABLE.cpu_steal ?? {} });
    expect(moves(solution)).toEqual([]);
    expect(new Set(solution.rejected.map(({ code }) => code))).toEqual(new Set(['not-measured']));
  });

  it('finds the victims by a threshold when no breach started it', () => {
    const solution = act(noisyCloud(), TABLE, { metric: 'cpu_steal', threshold: 10 }, { trigger: null });
    expect(moves(solution)).toEqual([['migrate', 'noisy', 'here', 'there']]);
    expect(moves(act(noisyCloud(), TABLE, { metric: 'cpu_steal', threshold: 90 }, { trigger: null }))).toEqual([]);
  });

  it('has a metric of its own for what causes another, and takes any other that is named', () => {
    const trigger = { rule: 'wait', metric: 'io_wait', resources: ['victim'] };
    const io = {
      io_wait: TABLE.cpu_steal ?? {},
      disk_io: { noisy: [1, 90, 95, 1, 90, 95], quiet: 30, victim: 3, i: 1 },
    };
    expect(moves(act(noisyCloud(), io, {}, { trigger }))).toEqual([['migrate', 'noisy', 'here', 'there']]);
    const own = { io_wait: io.io_wait, own_iops: { noisy: 200, quiet: 900, victim: 3, i: 1 } };
    expect(moves(act(noisyCloud(), own, { cause: 'own_iops' }, { trigger }))).toEqual([
      ['migrate', 'quiet', 'here', 'there'],
    ]);
  });

  it('relieves a host that is breached itself', () => {
    const trigger = { rule: 'busy', metric: 'cpu_util', resources: ['here'] };
    expect(moves(act(noisyCloud(), TABLE, {}, { trigger }))).toEqual([['migrate', 'noisy', 'here', 'there']]);
  });

  it('leaves alone what the scope leaves out', () => {
    const scope = { hasHost: () => true, hasInstance: (uuid: string) => uuid !== 'noisy' };
    const solution = act(noisyCloud(), TABLE, {}, { scope });
    expect(codeOf(solution, 'noisy')).toBe('out-of-scope');
    const nowhere = { hasHost: () => false, hasInstance: () => false };
    expect(codeOf(act(noisyCloud(), TABLE, {}, { scope: nowhere }), 'victim')).toBe('out-of-scope');
  });

  it('goes by what is used now, not by what was used earlier in the window', () => {
    const table = { ...TABLE, cpu_util: { ...TABLE.cpu_util, quiet: [100, 100, 100, 100, 0, 0] } };
    expect(codeOf(act(noisyCloud(), table), 'quiet')).toBe('uses-nothing');
  });

  it('moves an aggressor also when it is itself among the victims', () => {
    const steal = { cpu_steal: { ...TABLE.cpu_steal, noisy: [2, 20, 22, 3, 21, 20] } };
    const trigger = { ...STEAL, resources: ['victim', 'noisy'] };
    const told = noisyCloud({}, { there: { inventory: { vcpus: 8 } } });
    expect(moves(act(told, { ...TABLE, ...steal }, {}, { trigger }))).toEqual([['migrate', 'noisy', 'here', 'there']]);
  });

  it('does not take for a victim who suffered earlier in the window only', () => {
    const table = { ...TABLE, cpu_steal: { victim: [...Array<number>(20).fill(40), ...Array<number>(10).fill(0)] } };
    expect(moves(act(noisyCloud(), table, { metric: 'cpu_steal', threshold: 10 }, { trigger: null }))).toEqual([]);
  });

  it('says so when nothing tells what is meant, or nothing was measured of it', () => {
    const typo = { metric: 'cpu_stael', threshold: 10 };
    expect(() => act(noisyCloud(), TABLE, typo, { trigger: null })).toThrow('Nothing was measured of cpu_stael');
    expect(() => act(noisyCloud(), TABLE, {}, { trigger: null })).toThrow('which metric is meant');
    expect(() => act(noisyCloud(), TABLE, { metric: 'cpu_steal' }, { trigger: null })).toThrow('who suffers');
  });

  it('in whatever cloud breaks no rule, moves one of a host at most, and explains every other', () => {
    let moved = 0;
    const use = fc.array(fc.nat(100), { minLength: UUIDS.length, maxLength: UUIDS.length });
    const suffering = fc.uniqueArray(fc.constantFrom(...UUIDS), { minLength: 1, maxLength: 3 });
    const property = fc.property(randomCloud, use, suffering, (cloud, used, resources) => {
      const model = modelOf(cloud);
      const metrics = measured({ cpu_util: Object.fromEntries(UUIDS.map((uuid, i) => [uuid, used[i] ?? 0])) });
      const trigger = { ...STEAL, resources };
      const { actions, rejected } = solved(sla, model.fork(), {}, { trigger, metrics });
      moved += actions.length;
      expect(brokenBy(cloud, actions, (n) => n - 1)).toEqual([]);
      const from = actions.map(({ input }) => input.source_node);
      expect(new Set(from).size).toBe(from.length);
      const hosts = new Set(resources.map((uuid) => HOSTS[cloud.instances[UUIDS.indexOf(uuid)]?.host ?? 0]));
      const looked = UUIDS.filter((_, i) => hosts.has(HOSTS[cloud.instances[i]?.host ?? 0]));
      const told = [...rejected.map(({ candidate }) => candidate), ...actions.map(({ input }) => input.resource_id)];
      expect(told.sort()).toEqual([...looked].sort());
    });
    fc.assert(property, { numRuns: 200 });
    expect(moved).toBeGreaterThan(20);
  });
});
