import type { Fact } from '../../model/fact.ts';
import type { HypervisorIdentity } from '../../streams/reading/host.ts';
import { factsOfProviders, type ProviderRead } from '../../streams/reading/provider.ts';
import { ApiError } from '../openstack/errors.ts';
import type { Placement } from '../openstack/placement.ts';
import type { Fields } from '../openstack/reading-client.ts';
import { forEachAtOnce } from './absence.ts';
import { type Pass, stamped } from './pass.ts';

/** How many nodes are read before they are committed. */
const NODES_COMMITTED = 50;
/** What the requests for a node cost the thread, in milliseconds. */
const NODE_COST = 1.5;

/** Reads what placement holds of all these nodes. */
export async function readProviders(pass: Pass, nodes: Iterable<HypervisorIdentity>): Promise<void> {
  const { placement } = pass.parts;
  if (placement === null) return;
  const trees = new Map<string, string[]>();
  for (const provider of (await placement.providers(null, pass.reading)).value) {
    const root = String(provider.root_provider_uuid ?? provider.uuid);
    const tree = trees.get(root) ?? [];
    tree.push(String(provider.uuid));
    trees.set(root, tree);
  }
  await readTrees(pass, placement, nodes, async ({ uuid }) => trees.get(uuid) ?? []);
}

/** Reads what placement holds of some nodes, each by itself. */
export async function readProvidersOf(pass: Pass, nodes: Iterable<HypervisorIdentity>): Promise<void> {
  const { placement } = pass.parts;
  if (placement === null) return;
  await readTrees(pass, placement, nodes, async ({ uuid }) => {
    const { value } = await placement.providers(uuid, pass.reading);
    return value.map((provider: Fields) => String(provider.uuid));
  });
}

async function readTrees(
  pass: Pass,
  placement: Placement,
  nodes: Iterable<HypervisorIdentity>,
  treeOf: (node: HypervisorIdentity) => Promise<readonly string[]>,
): Promise<void> {
  const lacking: string[] = [];
  let facts: Fact[] = [];
  await forEachAtOnce(nodes, pass.parts.options.atOnce, async (node) => {
    const told = await readTree(pass, placement, node, await treeOf(node));
    if (told === null) lacking.push(`${node.node} of host ${node.host}`);
    else facts.push(...told);
    pass.counts.read += 1;
    await pass.rest(NODE_COST);
    if (facts.length < NODES_COMMITTED * 2) return;
    const some = facts;
    facts = [];
    await pass.commit(some);
  });
  await pass.commit(facts);
  if (lacking.length > 0)
    pass.problem(
      `placement has no resource provider for ${lacking.length} nodes (${lacking.slice(0, 3).join(', ')}): ` +
        'what they have to give and what is claimed there is not known anew. See whether their nova-compute reports.',
    );
}

/** The facts of a node by its tree of providers, the root first; null when the root is not there (any more). */
async function readTree(
  pass: Pass,
  placement: Placement,
  { host, node, uuid }: HypervisorIdentity,
  tree: readonly string[],
): Promise<readonly Fact[] | null> {
  if (!tree.includes(uuid)) return null;
  const reads: ProviderRead[] = [];
  let stamp = null;
  for (const provider of [uuid, ...tree.filter((one) => one !== uuid)]) {
    const inventories = await placement.inventories(provider, pass.reading);
    const traits = await placement.traits(provider, pass.reading);
    const allocations = await placement.allocations(provider, pass.reading);
    if (inventories.value === null || traits.value === null || allocations.value === null) {
      if (provider === uuid) return null;
      continue;
    }
    // Of several requests the first tells since when all is at least so new.
    stamp ??= stamped(inventories);
    reads.push({ inventories: inventories.value, traits: traits.value, allocations: allocations.value });
  }
  if (stamp === null) throw new ApiError('unreadable', `Reading node ${node} of placement`, 'it has no providers');
  return factsOfProviders(host, node, reads, stamp);
}
