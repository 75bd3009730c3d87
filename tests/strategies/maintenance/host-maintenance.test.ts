import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostMaintenance } from '../../../strategies/maintenance/host-maintenance.ts';
import { applyPlan } from '../../../strategies/planner/planner.ts';
import type { Solved } from '../../../strategies/solve.ts';
import { brokenBy } from '../carried-out.ts';
import { cloudOf, type InstanceTold, type Told } from '../cloud.ts';
import { HOSTS, modelOf, randomCloud } from '../random-cloud.ts';
import { solved } from '../solving.ts';

function emptied(told: Told, parameters: { [name: string]: unknown } = {}): Solved {
  return solved(hostMaintenance, cloudOf(told).fork(), { maintenance_node: 'here', ...parameters });
}

/** What is done to instance `i`, and where it goes or, as nova chooses, may go; or why nothing is. */
function fateOf({ actions, rejected }: Solved): string {
  const action = actions.find(({ input }) => input.resource_id === 'i');
  if (action === undefined) return rejected.find(({ candidate }) => candidate === 'i')?.code ?? 'forgotten';
  const { type, input, foreseen } = action;
  const to =
    input.destination_node === undefined ? foreseen && `anywhere, ${foreseen} too` : `to ${input.destination_node}`;
  return [type, input.migration_type, to].filter(Boolean).join(' ');
}

const state = (vm_state: string): InstanceTold => ({ state: { vm_state } });
const says = (metadata: { [key: string]: string }): InstanceTold => ({ metadata });
const NUMA: InstanceTold = { flavor: { extra_specs: { 'hw:numa_nodes': '2' } } };

describe('host maintenance', () => {
  it('disables the service first, with a reason, then moves', () => {
    const { actions } = emptied({});
    expect(actions.map(({ type, parents }) => [type, parents])).toEqual([
      ['change_nova_service_state', []],
      ['migrate', [0]],
    ]);
    expect(actions[0]?.input).toEqual({
      ...{ resource_id: 'n', resource_name: 'here', state: 'disabled' },
      disabled_reason: 'Vigil: host maintenance',
    });
  });

  it('leaves a service as it is that is disabled already', () => {
    const { actions } = emptied({ hosts: { here: { service: { disabled: true, disabled_reason: 'mine' } } } });
    expect(actions.map(({ type }) => type)).toEqual(['migrate']);
  });

  it.each<[string, InstanceTold, { [name: string]: unknown }, string]>([
    ['runs', state('active'), {}, 'migrate live anywhere, there too'],
    [
      'runs and live migration is not wanted',
      state('active'),
      { disable_live_migration: true },
      'migrate cold anywhere, there too',
    ],
    [
      'runs and no migration is wanted',
      state('active'),
      { disable_live_migration: true, disable_cold_migration: true },
      'stop',
    ],
    [
      'runs and does not want to be moved live',
      says({ 'lifecycle:livemigratable': 'False' }),
      {},
      'migrate cold anywhere, there too',
    ],
    ['does not want to be moved', says({ 'lifecycle:migratable': 'no' }), {}, 'metadata-forbids'],
    ['is paused', state('paused'), {}, 'migrate live anywhere, there too'],
    [
      'is paused and live migration is not wanted',
      state('paused'),
      { disable_live_migration: true },
      'kind-not-wanted',
    ],
    ['is stopped', state('stopped'), {}, 'migrate cold anywhere, there too'],
    [
      'is stopped and cold migration is not wanted',
      state('stopped'),
      { disable_cold_migration: true },
      'stays-stopped',
    ],
    ['is suspended', state('suspended'), {}, 'instance-state'],
    ['is locked', { locked: { locked: true } }, {}, 'instance-locked'],
    ['is being migrated', { migration: {} }, {}, 'migration-in-flight'],
    ['runs and a backup is named', state('active'), { backup_node: 'there' }, 'migrate live to there'],
    ['can be placed by nova alone', NUMA, {}, 'migrate live'],
    ['can be placed by nova alone and a backup is named', NUMA, { backup_node: 'there' }, 'needs-nova'],
    ['is too large for every other host', { flavor: { vcpus: 11 } }, {}, 'no-host'],
  ])('of an instance that %s', (_, i, parameters, fate) => {
    expect(fateOf(emptied({ instances: { i } }, parameters))).toBe(fate);
  });

  it('says what an instance lacks that finds no host', () => {
    const { rejected } = emptied({ instances: { i: { flavor: { vcpus: 11 } } } });
    expect(rejected[0]?.text).toBe('There is no host for it: It takes 11 VCPU; there has 20 of 20 left.');
    const more = emptied({ hosts: { a: {}, b: {} }, instances: { i: { flavor: { vcpus: 11 } } } });
    expect(more.rejected[0]?.text).toBe(
      'There is no host for it: capacity forbids 3 (It takes 11 VCPU; a has 20 of 20 left).',
    );
  });

  it('moves to the backup host alone, and enables it when it is disabled', () => {
    const hosts = { spare: { service: { disabled: true } } };
    const { actions } = emptied({ hosts }, { backup_node: 'spare' });
    expect(actions.map(({ type, input }) => [type, input.state ?? input.destination_node])).toEqual([
      ['change_nova_service_state', 'disabled'],
      ['change_nova_service_state', 'enabled'],
      ['migrate', 'spare'],
    ]);
  });

  it('leaves to nova where all go when the backup has not room for all, also those for which no room is known', () => {
    const instances = { i: { flavor: { vcpus: 6 } }, j: { flavor: { vcpus: 6 } } };
    const hosts = { there: { claims: { consumers: 1, resources: { VCPU: 10 } } } };
    const { actions, rejected } = emptied({ hosts, instances }, { backup_node: 'there' });
    expect(actions.slice(1).map(({ input, foreseen }) => [input.destination_node, foreseen])).toEqual([
      [undefined, 'there'],
      [undefined, undefined],
    ]);
    expect(rejected).toEqual([]);
  });

  it('foresees that instances are spread over the hosts that are loaded least', () => {
    const instances = Object.fromEntries(['a', 'b', 'c'].map((uuid) => [uuid, {}]));
    const { actions } = emptied({ hosts: { far: {} }, instances });
    const to = actions.flatMap(({ foreseen }) => foreseen ?? []);
    expect(to.sort()).toEqual(['far', 'far', 'there', 'there']);
  });

  it('leaves alone what the scope leaves out', () => {
    const model = cloudOf({});
    const scope = { hasHost: () => true, hasInstance: () => false };
    expect(fateOf(solved(hostMaintenance, model.fork(), { maintenance_node: 'here' }, { scope }))).toBe('out-of-scope');
  });

  it.each([
    [{ maintenance_node: 'nowhere' }, 'Parameter maintenance_node names nowhere; no nova-compute service'],
    [{ backup_node: 'nowhere' }, 'Parameter backup_node names nowhere; no nova-compute service'],
    [{ backup_node: 'here' }, 'The host to be emptied, here, cannot be its own backup.'],
  ])('refuses %o', (parameters, message) => {
    expect(() => emptied({}, parameters)).toThrow(message);
  });

  it('fails for a host that the scope leaves out', () => {
    const scope = { hasHost: () => false, hasInstance: () => true };
    const solve = () => solved(hostMaintenance, cloudOf({}).fork(), { maintenance_node: 'here' }, { scope });
    expect(solve).toThrow('which the scope of the audit leaves out');
  });

  it('in whatever cloud decides on every instance, breaks no rule at any step and leaves nothing but what it says', () => {
    const parameters = fc.record({
      maintenance_node: fc.constantFrom(...HOSTS),
      disable_live_migration: fc.boolean(),
      disable_cold_migration: fc.boolean(),
    });
    const property = fc.property(randomCloud, parameters, fc.infiniteStream(fc.nat(1_000)), (cloud, given, choices) => {
      const model = modelOf(cloud);
      const { actions, rejected } = solved(hostMaintenance, model.fork(), { ...given });
      const choose = (count: number): number => (choices.next().value ?? 0) % Math.max(1, count);
      expect(brokenBy(cloud, actions, choose)).toEqual([]);
      const moves = actions.filter(({ type }) => type === 'migrate');
      expect(moves.filter(({ input }) => input.destination_node !== undefined)).toEqual([]);
      expect(moves.filter(({ foreseen }) => foreseen === undefined || foreseen === given.maintenance_node)).toEqual([]);
      const after = model.fork();
      applyPlan(after, { actions, rejected });
      const stopped = new Set(actions.flatMap(({ type, input }) => (type === 'stop' ? [input.resource_id] : [])));
      const left = [...after.instancesOn(given.maintenance_node)].map(({ uuid }) => uuid);
      expect(left.filter((uuid) => !stopped.has(uuid)).sort()).toEqual(
        rejected.map(({ candidate }) => candidate).sort(),
      );
    });
    fc.assert(property, { numRuns: 150 });
  });
});
