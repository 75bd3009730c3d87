import { type HostRule, Target } from '../move.ts';
import { find, NOTHING } from '../reason.ts';
import { matches } from '../spec-match.ts';

const SCOPE = 'aggregate_instance_extra_specs:';

/**
 * What a flavor asks of the aggregates of its host. Source: nova's AggregateInstanceExtraSpecsFilter, which also reads specs
 * without a scope; as other filters do too, those count only if the aggregates of the present host fulfil them.
 */
export const aggregateExtraSpecs: HostRule = ({ view, instance: { flavor, place } }) => {
  const specs = Object.entries(flavor?.extra_specs ?? {});
  const source = place === null || place.host === null ? undefined : view.host(place.host);
  const here = source === undefined ? null : new Target(view, source);
  const wanted = specs
    .map(([key, value]) => ({ key: key.startsWith(SCOPE) ? key.slice(SCOPE.length) : key, value, written: key }))
    .filter(
      ({ key, value, written }) => written.startsWith(SCOPE) || (!key.includes(':') && fulfils(here, key, value)),
    );
  if (wanted.length === 0) return null;
  return (target) => {
    const broken = wanted.filter(({ key, value }) => !fulfils(target, key, value));
    if (broken.length === 0) return NOTHING;
    return broken.map(({ key, value }) => {
      const there = [...(target.metadata.get(key) ?? [])].join(', ') || 'nothing';
      return find('aggregate-extra-specs', { key, value, host: target.name, there });
    });
  };
};

function fulfils(target: Target | null, key: string, wanted: string): boolean {
  for (const value of target?.metadata.get(key) ?? []) if (matches(value, wanted)) return true;
  return false;
}
