import type { HostRule, InstanceRule } from './move.ts';
import { aggregateExtraSpecs } from './rules/aggregate-extra-specs.ts';
import { capacity } from './rules/capacity.ts';
import { serverGroups } from './rules/groups.ts';
import { schedulerHints } from './rules/hints.ts';
import { hostState } from './rules/host-state.ts';
import { otherHypervisor } from './rules/hypervisor.ts';
import { imageProperties } from './rules/image-properties.ts';
import { inFlight, isLocked, isPlaced, metadataForbids, sourceIsDown, wrongState } from './rules/instance.ts';
import { imageIsolation, tenantIsolation, traitIsolation } from './rules/isolation.ts';
import { needsNova, severalNodes } from './rules/needs-nova.ts';
import { requiredTraits } from './rules/traits.ts';
import { untoldConstraints, untoldHost, untoldInstance } from './rules/untold.ts';
import { pinnedZone } from './rules/zone.ts';

/** Rules that do not look at the host, cheap ones first. */
export const INSTANCE_RULES: readonly InstanceRule[] = [
  untoldInstance,
  isLocked,
  wrongState,
  inFlight,
  isPlaced,
  metadataForbids,
  sourceIsDown,
  untoldConstraints,
  needsNova,
];

/** Rules about a host, cheap ones first: the check stops at the first that forbids when only that is asked for. */
export const HOST_RULES: readonly HostRule[] = [
  hostState,
  untoldHost,
  severalNodes,
  otherHypervisor,
  requiredTraits,
  capacity,
  schedulerHints,
  serverGroups,
  imageProperties,
  pinnedZone,
  tenantIsolation,
  traitIsolation,
  aggregateExtraSpecs,
  imageIsolation,
];
