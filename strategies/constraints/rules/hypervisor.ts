import type { HostRule } from '../move.ts';
import { find, NOTHING } from '../reason.ts';

/** nova moves nothing between hypervisors of different types. */
export const otherHypervisor: HostRule = ({ view, instance: { place } }) => {
  const nodes = place === null || place.host === null ? [] : (view.host(place.host)?.nodes ?? []);
  const here = nodes.find(({ name }) => name === place?.node) ?? (nodes.length === 1 ? nodes[0] : undefined);
  const type = here?.hypervisor_type ?? null;
  if (type === null) return null;
  return ({ name, node }) => {
    const there = node?.hypervisor_type ?? null;
    if (there === null || there === type) return NOTHING;
    return [find('other-hypervisor', { host: name, there, here: type })];
  };
};
