import type { HostRule, TargetRule } from '../move.ts';
import { find, NOTHING } from '../reason.ts';

/** Names of old and new images for one thing. Source: nova/objects/image_meta.py. */
const HYPERVISOR_TYPE = ['img_hv_type', 'hypervisor_type'];
const ARCHITECTURE = ['hw_architecture', 'architecture'];

/** What a hypervisor calls itself in nova, and the types of images it runs. */
const RUNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['qemu', ['qemu', 'kvm']],
  ['vmware vcenter server', ['vmware']],
]);

const ARCHITECTURE_TRAIT = 'HW_ARCH_';

/** The type of hypervisor and the architecture an image is made for, as far as hosts tell theirs. */
export const imageProperties: HostRule = ({ instance: { constraints } }) => {
  const properties = constraints?.image_properties;
  if (properties === undefined) return null;
  const rules = [hypervisorType(first(properties, HYPERVISOR_TYPE)), architecture(first(properties, ARCHITECTURE))];
  const needed = rules.filter((rule) => rule !== null);
  return needed.length === 0 ? null : (target) => needed.flatMap((rule) => rule(target));
};

function hypervisorType(value: string | null): TargetRule | null {
  if (value === null) return null;
  return ({ name, node }) => {
    const there = node?.hypervisor_type ?? null;
    if (there === null) return [find('unknown', { what: `of which type the hypervisor of ${name} is` })];
    const type = there.toLowerCase();
    if ((RUNS.get(type) ?? [type]).includes(value.toLowerCase())) return NOTHING;
    return [find('image-properties', { key: 'hypervisor type', value, host: name, there })];
  };
}

function architecture(value: string | null): TargetRule | null {
  if (value === null) return null;
  const wanted = ARCHITECTURE_TRAIT + value.replaceAll('-', '_').toUpperCase();
  return ({ name, node }) => {
    const traits = (node?.provider?.traits ?? []).filter((trait) => trait.startsWith(ARCHITECTURE_TRAIT));
    if (traits.length === 0) return [find('architecture-untold', { value, host: name })];
    if (traits.includes(wanted)) return NOTHING;
    return [find('image-properties', { key: 'architecture', value, host: name, there: traits.join(', ') })];
  };
}

function first(properties: { readonly [name: string]: string }, names: readonly string[]): string | null {
  for (const name of names) {
    const value = properties[name];
    if (value !== undefined && value !== '') return value;
  }
  return null;
}
