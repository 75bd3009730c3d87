import type { HostRule, TargetRule } from '../move.ts';
import { find, NOTHING } from '../reason.ts';

/** The scheduler hints whose meaning is nova's own; server groups are looked at by themselves. */
export const schedulerHints: HostRule = ({ view, instance: { constraints } }) => {
  const hints = constraints?.scheduler_hints ?? {};
  const hostsOf = (instances: readonly string[]): Map<string, string> => {
    const hosts = new Map<string, string>();
    for (const uuid of instances) {
      const host = view.instance(uuid)?.place?.host ?? null;
      if (host !== null) hosts.set(host, uuid);
    }
    return hosts;
  };
  const rules: TargetRule[] = [];
  if (hints.different_host !== undefined) {
    const taken = hostsOf(hints.different_host);
    rules.push(({ name }) => {
      const instance = taken.get(name);
      return instance === undefined ? NOTHING : [find('hint-different-host', { instance, host: name })];
    });
  }
  if (hints.same_host !== undefined) {
    const instances = hints.same_host.join(', ');
    const wanted = hostsOf(hints.same_host);
    rules.push(({ name }) => (wanted.has(name) ? NOTHING : [find('hint-same-host', { instances, host: name })]));
  }
  const forced = hints.force_hosts;
  if (forced !== undefined)
    rules.push(({ name }) =>
      forced.includes(name) ? NOTHING : [find('hint-force-hosts', { hosts: forced.join(', ') })],
    );
  return rules.length === 0 ? null : (target) => rules.flatMap((rule) => rule(target));
};
