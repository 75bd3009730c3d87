import type { HostRule, Move } from '../move.ts';
import { type Finding, find, NOTHING } from '../reason.ts';

/** Traits a host must or must not have, each with who says so. */
export interface Traits {
  readonly required: ReadonlyMap<string, string>;
  readonly forbidden: ReadonlyMap<string, string>;
}

const TRAIT = 'trait:';

/** What the flavor's extra specs and the image's properties say: `trait:NAME` `required`, or (flavors) `forbidden`. */
export function traitsOf({ instance: { flavor, constraints } }: Pick<Move, 'instance'>): Traits {
  const required = new Map<string, string>();
  const forbidden = new Map<string, string>();
  const sources = [
    ['The flavor', flavor?.extra_specs],
    ['The image', constraints?.image_properties],
  ] as const;
  for (const [by, said] of sources) {
    for (const [key, value] of Object.entries(said ?? {})) {
      if (!key.startsWith(TRAIT)) continue;
      const trait = key.slice(TRAIT.length);
      if (value === 'required') required.set(trait, by);
      else if (value === 'forbidden') forbidden.set(trait, by);
    }
  }
  return { required, forbidden };
}

/** Held against the traits of the host's resource providers. A host of which they are not known is another rule's matter. */
export const requiredTraits: HostRule = (move) => {
  const { required, forbidden } = traitsOf(move);
  if (required.size === 0 && forbidden.size === 0) return null;
  return ({ name, node }) => {
    const traits = node?.provider?.traits;
    if (traits === undefined) return NOTHING;
    const found: Finding[] = [];
    for (const [trait, by] of required)
      if (!traits.includes(trait)) found.push(find('trait-missing', { by, trait, host: name }));
    for (const [trait, by] of forbidden)
      if (traits.includes(trait)) found.push(find('trait-forbidden', { by, trait, host: name }));
    return found;
  };
};
