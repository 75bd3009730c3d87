import type { HostRule, InstanceRule } from '../move.ts';
import { type Finding, find, NOTHING } from '../reason.ts';

/** What must have been told of an instance, and what it would tell. */
const NEEDED = [
  ['place', 'where the instance is'],
  ['state', 'in which state the instance is'],
  ['locked', 'whether the instance is locked'],
  ['flavor', 'what the instance takes'],
  ['identity', 'whose instance it is'],
  ['metadata', 'what its metadata say'],
  ['constraints', 'by what it asked to be placed (only the API tells it)'],
] as const;

export const untoldInstance: InstanceRule = ({ view, instance }) => {
  const found: Finding[] = [];
  for (const [register, what] of NEEDED) if (instance[register] === null) found.push(find('unknown', { what }));
  const source = instance.place?.host ?? null;
  if (source !== null && (view.host(source)?.up ?? null) === null)
    found.push(find('unknown', { what: `whether the service of ${source}, where it is, is up` }));
  return found;
};

/** nova's scheduler heeds what it is too old to tell. The zone is another matter: see the rule about it. */
export const untoldConstraints: InstanceRule = ({ instance: { constraints, identity } }) => {
  if (constraints === null) return NOTHING;
  const found: Finding[] = [];
  if (constraints.scheduler_hints === undefined) found.push(find('hints-untold'));
  const hasImage = identity !== null && identity.image_id !== null;
  if (hasImage && constraints.image_properties === undefined) found.push(find('image-untold'));
  return found;
};

export const untoldHost: HostRule = () => (target) => {
  const { host, node } = target;
  const found: Finding[] = [];
  if (host.up === null) found.push(find('unknown', { what: `whether the service of ${host.name} is up` }));
  if (host.nodes.length === 0 || (node !== null && (node.provider === null || node.claims === null)))
    found.push(
      find('unknown', { what: `what ${host.name} has to give and what is claimed there (placement tells it)` }),
    );
  return found;
};
