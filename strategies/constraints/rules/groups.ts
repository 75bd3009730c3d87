import type { ServerGroup } from '../../../model/grouping.ts';
import type { HostRule, Move, TargetRule } from '../move.ts';
import { find, NOTHING } from '../reason.ts';

/**
 * Server groups. A member counts where it is and, while it is migrated, also where it goes to. Source: nova's
 * ServerGroupAffinityFilter and ServerGroupAntiAffinityFilter.
 */
export const serverGroups: HostRule = (move) => {
  const rules = [...groupsOf(move)].map((group) => ruleOf(group, othersOf(group, move)));
  return rules.length === 0 ? null : (target) => rules.flatMap((rule) => rule(target));
};

/** The groups it is a member of, and the one it asked for at its creation: nova may not have told yet that it was added. */
function groupsOf({ view, instance }: Move): Set<ServerGroup> {
  const groups = new Set(view.groupsOf(instance.uuid));
  for (const uuid of instance.constraints?.scheduler_hints?.group ?? []) {
    const group = view.serverGroup(uuid);
    if (group !== undefined) groups.add(group);
  }
  return groups;
}

/** The other members by host. */
function othersOf(group: ServerGroup, { view, instance }: Move): Map<string, Set<string>> {
  const others = new Map<string, Set<string>>();
  for (const uuid of group.members) {
    if (uuid === instance.uuid) continue;
    const member = view.instance(uuid);
    for (const host of [member?.place?.host ?? null, member?.migration?.dest_host ?? null]) {
      if (host === null) continue;
      const there = others.get(host) ?? new Set();
      others.set(host, there.add(uuid));
    }
  }
  return others;
}

function ruleOf(
  { uuid, name, policy, max_server_per_host }: ServerGroup,
  others: Map<string, Set<string>>,
): TargetRule {
  const group = name ?? uuid;
  const most = max_server_per_host ?? 1;
  const countOn = (host: string): number => others.get(host)?.size ?? 0;
  switch (policy) {
    case 'affinity':
      return ({ name: host }) => {
        for (const [other, members] of others) {
          const [instance = ''] = members;
          if (other !== host) return [find('server-group-affinity', { group, instance, other })];
        }
        return NOTHING;
      };
    case 'anti-affinity':
      return ({ name: host }) => {
        const count = countOn(host);
        return count < most ? NOTHING : [find('server-group-anti-affinity', { group, most, host, count })];
      };
    case 'soft-affinity':
      return ({ name: host }) =>
        others.size === 0 || others.has(host) ? NOTHING : [find('soft-affinity', { group, host })];
    case 'soft-anti-affinity':
      return ({ name: host }) =>
        others.has(host) ? [find('soft-anti-affinity', { group, host, count: countOn(host) })] : NOTHING;
    default:
      return () => [find('unknown', { what: `what the policy ${policy ?? ''} of group ${group} means` })];
  }
}
