import type { HostRule, InstanceRule } from '../move.ts';
import { type Finding, find, NOTHING } from '../reason.ts';

/**
 * What only nova can work out: it alone knows the cells of NUMA, the CPUs and pages taken of each, and the PCI devices; it
 * alone splits a request over nested providers. Source: nova's documentation of extra specs and image properties.
 */
const SPECS: readonly RegExp[] = [
  /^hw:(cpu_realtime|numa_|mem_page_size|mem_encryption|pci_numa_affinity_policy|pmem|tpm_)/,
  /^pci_passthrough:alias$/,
  /^accel:device_profile$/,
  /^(resources|trait)(\d+|_[^:]+):/,
  /^(group_policy|same_subtree)/,
  /^capabilities:/,
];
const PROPERTIES: readonly RegExp[] = [
  /^hw_(cpu_realtime|numa_|mem_page_size|mem_encryption|pci_numa_affinity_policy|pmem|tpm_)/,
  /^(img_hv_requested_version|hypervisor_version_requires)$/,
];
const CPU_POLICY = /^hw[:_]cpu_policy$/;
/** Of the schedulers' own language, and about networks that the model does not have. */
const HINTS: readonly RegExp[] = [/^query$/, /^build_near_host_ip$/];

const ASKED = [
  ['the flavor’s', SPECS],
  ['the image’s', PROPERTIES],
  ['the scheduler hint', HINTS],
] as const;

export const needsNova: InstanceRule = ({ instance: { flavor, constraints } }) => {
  const said = [flavor?.extra_specs, constraints?.image_properties, constraints?.scheduler_hints];
  const found: Finding[] = [];
  for (const [i, [whose, patterns]] of ASKED.entries()) {
    for (const [key, value] of Object.entries(said[i] ?? {})) {
      const pinned = CPU_POLICY.test(key) && (value === 'dedicated' || value === 'mixed');
      if (pinned || patterns.some((pattern) => pattern.test(key)))
        found.push(find('needs-nova', { what: `${whose} ${key}` }));
    }
  }
  return found;
};

/** Which node of several it would be, nova alone decides. */
export const severalNodes: HostRule = () => (target) => {
  const { nodes } = target.host;
  return nodes.length > 1 ? [find('needs-nova', { what: `the ${nodes.length} nodes of ${target.name}` })] : NOTHING;
};
