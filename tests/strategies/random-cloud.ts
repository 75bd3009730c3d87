import fc from 'fast-check';
import type { LiveModel } from '../../model/live-model.ts';
import { cloudOf, type Told } from './cloud.ts';

export const HOSTS = ['h0', 'h1', 'h2', 'h3'] as const;
export const UUIDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'k', 'l', 'm'] as const;

/** A small cloud, full enough that not everything can go everywhere. */
export interface RandomCloud {
  readonly hosts: readonly { readonly vcpus: number; readonly disabled: boolean }[];
  readonly instances: readonly {
    readonly vcpus: number;
    readonly host: number;
    readonly locked: boolean;
    readonly state: string;
    readonly live: boolean;
  }[];
  readonly groups: readonly {
    readonly policy: 'affinity' | 'anti-affinity';
    readonly most: number;
    readonly members: readonly number[];
  }[];
}

const rarely = fc.nat(7).map((n) => n === 0);

export const randomCloud: fc.Arbitrary<RandomCloud> = fc.record({
  hosts: fc.array(fc.record({ vcpus: fc.integer({ min: 5, max: 16 }), disabled: rarely }), {
    minLength: HOSTS.length,
    maxLength: HOSTS.length,
  }),
  instances: fc.array(
    fc.record({
      vcpus: fc.integer({ min: 1, max: 4 }),
      host: fc.nat(HOSTS.length - 1),
      locked: rarely,
      state: fc.constantFrom('active', 'active', 'active', 'active', 'active', 'stopped', 'paused', 'error'),
      live: rarely.map((no) => !no),
    }),
    { minLength: UUIDS.length, maxLength: UUIDS.length },
  ),
  groups: fc.array(
    fc.record({
      policy: fc.constantFrom('affinity' as const, 'anti-affinity' as const, 'anti-affinity' as const),
      most: fc.integer({ min: 1, max: 2 }),
      members: fc.uniqueArray(fc.nat(UUIDS.length - 1), { minLength: 2, maxLength: 3 }),
    }),
    { maxLength: 3, size: 'max' },
  ),
});

/** Of the hosts that every cloud of the tests has. */
const OUT_OF_USE = { service: { disabled: true } };

/** The live model of a random cloud. */
export function modelOf({ hosts, instances, groups }: RandomCloud): LiveModel {
  const told: Told = {
    hosts: {
      ...{ here: OUT_OF_USE, there: OUT_OF_USE },
      ...Object.fromEntries(
        hosts.map(({ vcpus, disabled }, i) => {
          const here = instances.filter(({ host }) => host === i);
          const claimed = here.reduce((sum, one) => sum + one.vcpus, 0);
          const inventories = {
            VCPU: { total: vcpus, reserved: 0, allocation_ratio: 1 },
            MEMORY_MB: { total: 100_000, reserved: 0, allocation_ratio: 1 },
            DISK_GB: { total: 100_000, reserved: 0, allocation_ratio: 1 },
          };
          return [
            HOSTS[i],
            {
              service: { disabled },
              provider: { inventories },
              claims: { consumers: here.length, resources: { VCPU: claimed } },
            },
          ];
        }),
      ),
    },
    instances: Object.fromEntries(
      instances.map(({ vcpus, host, locked, state, live }, i) => [
        UUIDS[i],
        {
          place: { host: HOSTS[host] as string },
          flavor: { vcpus },
          locked: { locked },
          state: { vm_state: state },
          metadata: live ? {} : { 'lifecycle:livemigratable': 'False' },
        },
      ]),
    ),
    groups: Object.fromEntries(
      groups.map(({ policy, most, members }, i) => [
        `group-${i}`,
        { policy, max_server_per_host: most, members: members.map((one) => UUIDS[one] as string) },
      ]),
    ),
  };
  return cloudOf(told);
}
