import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { View } from '../../../model/view.ts';
import { explainMoves, MoveCheck, mayMove } from '../../../strategies/constraints/may-move.ts';
import { MOVE_KINDS, type MoveKind } from '../../../strategies/constraints/move.ts';
import { cloudOf, type Told } from '../cloud.ts';

const HOSTS = ['h0', 'h1', 'h2', 'h3'] as const;
const UUIDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'k'] as const;

/** How much of each class a host has: ratio one, nothing reserved. */
interface Sizes {
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly root_gb: number;
}

interface World {
  readonly hosts: readonly (Sizes & { readonly foreign: Sizes })[];
  readonly instances: readonly (Sizes & { readonly host: number; readonly locked: boolean; readonly gold: number })[];
  readonly groups: readonly { readonly policy: string; readonly most: number; readonly members: readonly number[] }[];
  readonly moves: readonly { readonly instance: number; readonly host: number; readonly kind: MoveKind }[];
}

const sizes = (most: number): fc.Arbitrary<Sizes> =>
  fc.record({ vcpus: fc.nat(most), memory_mb: fc.nat(most), root_gb: fc.nat(most) });
const at = fc.nat(HOSTS.length - 1);
const which = fc.nat(UUIDS.length - 1);

const world: fc.Arbitrary<World> = fc.record({
  hosts: fc.array(
    fc.tuple(sizes(20), sizes(3)).map(([own, foreign]) => ({ ...own, foreign })),
    { minLength: HOSTS.length, maxLength: HOSTS.length },
  ),
  instances: fc.array(
    fc
      .record({ size: sizes(3), host: at, locked: fc.boolean(), gold: fc.nat(1) })
      .map(({ size, ...rest }) => ({ ...size, ...rest, locked: rest.locked && rest.gold === 1 })),
    { minLength: UUIDS.length, maxLength: UUIDS.length },
  ),
  groups: fc.array(
    fc.record({
      policy: fc.constantFrom('affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'),
      most: fc.integer({ min: 1, max: 2 }),
      members: fc.uniqueArray(which, { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 2 },
  ),
  moves: fc.array(fc.record({ instance: which, host: at, kind: fc.constantFrom(...MOVE_KINDS) }), {
    minLength: 1,
    maxLength: 30,
  }),
});

const CLASSES = { VCPU: 'vcpus', MEMORY_MB: 'memory_mb', DISK_GB: 'root_gb' } as const;
const GOLD_OF_HOST = 2;

function toldOf({ hosts, instances, groups }: World): Told {
  const claimsOf = (i: number): Record<string, number> => {
    const here = instances.filter(({ host }) => host === i);
    const sum = (pick: (one: (typeof here)[number]) => number): number => here.reduce((all, one) => all + pick(one), 0);
    return {
      ...Object.fromEntries(
        Object.entries(CLASSES).map(([name, field]) => [
          name,
          (hosts[i]?.foreign[field] ?? 0) + sum((it) => it[field]),
        ]),
      ),
      CUSTOM_GOLD: sum(({ gold }) => gold),
    };
  };
  const inventoriesOf = (
    own: Sizes,
  ): Record<string, { total: number; reserved: number; allocation_ratio: number }> => ({
    ...Object.fromEntries(
      Object.entries(CLASSES).map(([name, field]) => [name, { total: own[field], reserved: 0, allocation_ratio: 1 }]),
    ),
    CUSTOM_GOLD: { total: GOLD_OF_HOST, reserved: 0, allocation_ratio: 1 },
  });
  return {
    hosts: Object.fromEntries(
      hosts.map((own, i) => [
        HOSTS[i] ?? '',
        { provider: { inventories: inventoriesOf(own) }, claims: { resources: claimsOf(i) } },
      ]),
    ),
    instances: Object.fromEntries(
      instances.map(({ vcpus, memory_mb, root_gb, host, locked, gold }, i) => [
        UUIDS[i] ?? '',
        {
          place: { host: HOSTS[host] ?? '' },
          flavor: { vcpus, memory_mb, root_gb, extra_specs: { 'resources:CUSTOM_GOLD': String(gold) } },
          locked: { locked },
        },
      ]),
    ),
    groups: Object.fromEntries(
      groups.map(({ policy, most, members }, i) => [
        `group-${i}`,
        { policy, max_server_per_host: most, members: members.map((member) => UUIDS[member] ?? '') },
      ]),
    ),
  };
}

/** How much more than there is of each class is taken on a host, looked at from the outside. */
function excessOn(i: number, placed: readonly number[], { hosts, instances }: World): number {
  const own = hosts[i];
  if (own === undefined) throw new RangeError(`no host ${i}`);
  const here = instances.filter((_, one) => placed[one] === i);
  const excess = Object.values(CLASSES).map(
    (field) => own.foreign[field] + here.reduce((sum, one) => sum + one[field], 0) - own[field],
  );
  const gold = here.reduce((sum, one) => sum + one.gold, 0) - GOLD_OF_HOST;
  return [...excess, gold].reduce((sum, one) => sum + Math.max(0, one), 0);
}

function isBroken({ policy, most, members }: World['groups'][number], placed: readonly number[]): boolean {
  const hosts = members.map((member) => placed[member]);
  if (policy === 'affinity') return new Set(hosts).size > 1;
  if (policy !== 'anti-affinity') return false;
  return hosts.some((host) => hosts.filter((other) => other === host).length > most);
}

describe('any series of moves that are allowed one after the other', () => {
  it('never takes more of a host than there is, breaks a hard group, or moves what is locked', () => {
    let made = 0;
    fc.assert(
      fc.property(world, (it) => {
        const fork = cloudOf(toldOf(it)).fork();
        const placed = it.instances.map(({ host }) => host);
        for (const { instance, host, kind } of it.moves) {
          const [uuid = '', name = ''] = [UUIDS[instance], HOSTS[host]];
          if (!mayMove(fork, uuid, name, kind).allowed) continue;
          const before = it.groups.map((group) => isBroken(group, placed));
          const excess = excessOn(host, placed, it);
          fork.move(uuid, name);
          placed[instance] = host;
          made += 1;
          // A host may have been over-committed before: no more than it was.
          expect(excessOn(host, placed, it)).toBe(excess);
          expect(it.instances[instance]?.locked).toBe(false);
          for (const [i, group] of it.groups.entries()) expect(!before[i] && isBroken(group, placed)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
    // The property would hold of a rule that allows nothing.
    expect(made).toBeGreaterThan(500);
  });

  it('sees earlier moves: who left makes room, who came takes it', () => {
    const flavor = { vcpus: 6, memory_mb: 1, root_gb: 0 };
    const inventories = {
      VCPU: { total: 10, reserved: 0, allocation_ratio: 1 },
      MEMORY_MB: { total: 10, reserved: 0, allocation_ratio: 1 },
    };
    const fork = cloudOf({
      hosts: { there: { provider: { inventories }, claims: { resources: { VCPU: 4 } } } },
      instances: { i: { flavor }, j: { flavor } },
    }).fork();
    expect(mayMove(fork, 'j', 'there', 'live').allowed).toBe(true);
    fork.move('i', 'there');
    expect(mayMove(fork, 'j', 'there', 'live').forbidden.map(({ code }) => code)).toEqual(['capacity']);
    fork.move('i', 'here');
    expect(mayMove(fork, 'j', 'there', 'live').allowed).toBe(true);
  });
});

describe('the checks of one instance', () => {
  const verdictsOf = (view: View, uuid: string): unknown =>
    HOSTS.map((host) => ({ host, ...mayMove(view, uuid, host, 'live') }));

  it('say of every host the same, one by one, all at once, and as yes or no only', () => {
    fc.assert(
      fc.property(world, which, (it, one) => {
        const model = cloudOf(toldOf(it));
        const uuid = UUIDS[one] ?? '';
        const all = explainMoves(model, uuid, 'live').filter(({ host }) => HOSTS.some((name) => name === host));
        expect(all).toEqual(verdictsOf(model, uuid));
        const check = new MoveCheck(model, uuid, 'live');
        for (const { host, allowed } of all) expect(check.allows(host)).toBe(allowed);
      }),
      { numRuns: 100 },
    );
  });

  it('tell beforehand what forbids every move', () => {
    const model = cloudOf({ instances: { i: { locked: { locked: true } } } });
    expect(new MoveCheck(model, 'i', 'live').forbidden).toEqual([
      { code: 'instance-locked', text: 'The instance is locked.' },
    ]);
    expect(new MoveCheck(model, 'x', 'live').forbidden.map(({ code }) => code)).toEqual(['instance-unknown']);
    expect(new MoveCheck(model, 'x', 'live').allows('there')).toBe(false);
  });

  it('name hosts in order, those that only instances name included', () => {
    const model = cloudOf({ instances: { o: { place: { host: 'a-host' } } } });
    expect(explainMoves(model, 'i', 'cold').map(({ host, allowed }) => [host, allowed])).toEqual([
      ['a-host', false],
      ['here', false],
      ['there', true],
    ]);
  });
});
