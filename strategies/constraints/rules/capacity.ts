import { claimOf } from '../../../model/claims.ts';
import type { Node } from '../../../model/host.ts';
import type { Totals } from '../../../model/totals.ts';
import type { HostRule } from '../move.ts';
import { type Finding, find, NOTHING } from '../reason.ts';

/**
 * Whether the host has left what the instance takes: of each resource class `(total - reserved) * allocation_ratio`, less
 * the larger of what its instances take and what is claimed there in placement. No more than `total` is given to one
 * instance, which is the `max_unit` nova sets.
 */
export const capacity: HostRule = ({ view, instance }) => {
  const claim = claimOf(instance);
  if (claim.size === 0) return null;
  return ({ name, node }) => {
    if (node === null || node.provider === null || node.claims === null) return NOTHING;
    const { inventories } = node.provider;
    const totals = view.totalsOn(name);
    const found: Finding[] = [];
    for (const [resource, amount] of claim) {
      const inventory = inventories[resource];
      const total = inventory?.total ?? 0;
      const most = inventory === undefined ? 0 : (total - inventory.reserved) * inventory.allocation_ratio;
      const free = Math.floor(most - usedOf(resource, node.claims.resources, totals));
      if (amount > free || amount > total)
        found.push(find('capacity', { amount, resource, host: name, free, capacity: Math.floor(most) }));
    }
    return found;
  };
};

type Resources = NonNullable<Node['claims']>['resources'];

/** CPUs of the instances are VCPU or PCPU: what placement does not know of them is taken for VCPU. */
function usedOf(resource: string, claimed: Resources, totals: Totals): number {
  const claims = claimed[resource] ?? 0;
  switch (resource) {
    case 'VCPU':
      return Math.max(claims, totals.vcpus - (claimed.PCPU ?? 0));
    case 'MEMORY_MB':
      return Math.max(claims, totals.memory_mb);
    case 'DISK_GB':
      return Math.max(claims, totals.disk_gb);
    default:
      return claims;
  }
}
