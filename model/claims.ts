import { type Instance, usageOf } from './instance.ts';
import type { Claims } from './registers.ts';

/** Amounts by placement's resource class (`VCPU`, `PCPU`, `MEMORY_MB`, `DISK_GB`, custom ones); none is zero. */
export type Amounts = ReadonlyMap<string, number>;

/** An extra spec that states an amount: placement's classes are in capitals. */
const OWN_AMOUNT = /^resources:([A-Z0-9_]+)$/;

/**
 * What an instance claims in placement, as nova counts it: its flavor, CPUs of its own as PCPU, and amounts of its own by the
 * extra specs `resources:CLASS`, which replace the flavor's. Empty while its flavor is not known.
 */
export function claimOf(instance: Instance): Amounts {
  const amounts = new Map<string, number>();
  if (instance.flavor === null) return amounts;
  const { extra_specs } = instance.flavor;
  const { vcpus, memory_mb, disk_gb } = usageOf(instance);
  amounts.set(extra_specs['hw:cpu_policy'] === 'dedicated' ? 'PCPU' : 'VCPU', vcpus);
  amounts.set('MEMORY_MB', memory_mb);
  amounts.set('DISK_GB', disk_gb);
  for (const [spec, value] of Object.entries(extra_specs)) {
    const resourceClass = OWN_AMOUNT.exec(spec)?.[1];
    if (resourceClass !== undefined && /^\d+$/.test(value)) amounts.set(resourceClass, Number(value));
  }
  for (const [resourceClass, amount] of amounts) if (amount === 0) amounts.delete(resourceClass);
  return amounts;
}

/** A node's claims with those of instances that came (`sign` 1) or went (-1). */
export function withClaim(claims: Claims, claim: Amounts, sign: 1 | -1): Claims {
  const resources: Record<string, number> = { ...claims.resources };
  for (const [resourceClass, amount] of claim)
    resources[resourceClass] = Math.max(0, (resources[resourceClass] ?? 0) + sign * amount);
  return { consumers: Math.max(0, claims.consumers + sign), resources };
}
