import type { HostRule } from '../move.ts';
import { find, NOTHING } from '../reason.ts';
import { traitsOf } from './traits.ts';

/** Also with any suffix, as several projects of one aggregate are written for placement. */
const TENANT = 'filter_tenant_id';

/** Hosts of aggregates that name projects are for those. Source: nova's AggregateMultiTenancyIsolation. */
export const tenantIsolation: HostRule = ({ instance: { identity } }) => {
  if (identity === null) return null;
  const project = identity.project_id;
  return ({ name, metadata }) => {
    let named = false;
    for (const [key, values] of metadata) {
      if (!key.startsWith(TENANT)) continue;
      if (project !== null && values.has(project)) return NOTHING;
      named ||= [...values].some((value) => value !== '');
    }
    return named ? [find('tenant-isolation', { host: name, project: project ?? 'none' })] : NOTHING;
  };
};

/** An aggregate and an image that say different things of one key. Source: nova's AggregateImagePropertiesIsolation. */
export const imageIsolation: HostRule = ({ instance: { constraints } }) => {
  const properties = Object.entries(constraints?.image_properties ?? {});
  if (properties.length === 0) return null;
  return ({ name, metadata }) => {
    if (metadata.size === 0) return NOTHING;
    return properties.flatMap(([key, value]) => {
      const there = metadata.get(key);
      if (there === undefined || value === '' || there.has(value)) return [];
      return [find('image-isolation', { host: name, key, value, there: [...there].join(', ') })];
    });
  };
};

const TRAIT = 'trait:';

/** Aggregates whose metadata require a trait are for instances that require it. Source: nova's isolate_aggregates. */
export const traitIsolation: HostRule = (move) => {
  const required = new Set(traitsOf(move).required.keys());
  return ({ name, metadata }) => {
    for (const [key, values] of metadata) {
      if (!key.startsWith(TRAIT) || !values.has('required')) continue;
      const trait = key.slice(TRAIT.length);
      if (!required.has(trait)) return [find('trait-isolation', { host: name, trait })];
    }
    return NOTHING;
  };
};
