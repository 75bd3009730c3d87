import { elementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { type ProviderInventory, REGISTER } from '../../model/registers.ts';
import { type Fields, isFields, quote } from '../decode/envelope.ts';
import { countField } from '../decode/fields.ts';
import { Undecodable } from '../decode/undecodable.ts';
import { factsRead, type Stamp } from './read.ts';

/** What placement told of one resource provider. */
export interface ProviderRead {
  readonly inventories: Fields;
  readonly traits: readonly string[];
  /** By consumer. */
  readonly allocations: Fields;
}

/**
 * The facts of a node's tree of resource providers: what it has to give, what it is like, what is claimed of it. The root
 * comes first. Throws Undecodable.
 */
export function factsOfProviders(host: string, node: string, tree: readonly ProviderRead[], stamp: Stamp): Fact[] {
  const traits = [...new Set(tree.flatMap((one) => one.traits))].sort();
  const provider: Value = { inventories: inventoriesOf(tree), traits };
  return factsRead(
    elementKey('host', host),
    [
      { register: REGISTER.provider + node, value: provider, updatedAt: null },
      { register: REGISTER.claims + node, value: claimsOf(tree), updatedAt: null },
    ],
    stamp,
  );
}

/** Amounts of a class on several providers of the tree (PCI devices, say) are added up; the ratio is that of the first. */
function inventoriesOf(tree: readonly ProviderRead[]): Value {
  const sums = new Map<string, ProviderInventory>();
  for (const { inventories } of tree) {
    for (const [resourceClass, value] of Object.entries(inventories)) {
      const one = inventoryOf(resourceClass, value);
      const sum = sums.get(resourceClass);
      const { total, reserved } = one;
      sums.set(
        resourceClass,
        sum === undefined ? one : { ...sum, total: sum.total + total, reserved: sum.reserved + reserved },
      );
    }
  }
  return Object.fromEntries(sums);
}

function inventoryOf(resourceClass: string, value: unknown): ProviderInventory {
  const ratio = isFields(value) ? value.allocation_ratio : undefined;
  if (!isFields(value) || typeof ratio !== 'number' || !(ratio > 0))
    throw new Undecodable('bad-field', `the inventory of ${resourceClass} is ${quote(value)}`);
  return { total: countField(value, 'total'), reserved: countField(value, 'reserved'), allocation_ratio: ratio };
}

/** A consumer that claims of several providers of the tree is one. */
function claimsOf(tree: readonly ProviderRead[]): Value {
  const consumers = new Set<string>();
  const resources: Record<string, number> = {};
  for (const { allocations } of tree) {
    for (const [consumer, allocation] of Object.entries(allocations)) {
      const claimed = isFields(allocation) ? allocation.resources : undefined;
      if (!isFields(claimed))
        throw new Undecodable('bad-field', `the allocation of ${consumer} is ${quote(allocation)}`);
      consumers.add(consumer);
      for (const resourceClass of Object.keys(claimed))
        resources[resourceClass] = (resources[resourceClass] ?? 0) + countField(claimed, resourceClass);
    }
  }
  return { consumers: consumers.size, resources };
}
