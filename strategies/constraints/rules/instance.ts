import type { InstanceRule } from '../move.ts';
import { type Finding, find, NOTHING } from '../reason.ts';

/** nova would let an administrator move it; whoever locked it does not want it moved. */
export const isLocked: InstanceRule = ({ instance: { locked } }) => {
  if (locked?.locked !== true) return NOTHING;
  return [find('instance-locked', { why: locked.reason === null ? '' : `: ${locked.reason}` })];
};

/** Of which vm_state nova lets each kind begin, always with no task under way. Source: nova/compute/api.py. */
const POSSIBLE = { live: ['active', 'paused'], cold: ['active', 'stopped'] } as const;

export const wrongState: InstanceRule = ({ instance: { state }, kind }) => {
  const possible: readonly (string | null)[] = POSSIBLE[kind];
  if (state === null || (state.task_state === null && possible.includes(state.vm_state))) return NOTHING;
  const shown = `${state.vm_state ?? 'an unknown state'}${state.task_state === null ? '' : `/${state.task_state}`}`;
  return [find('instance-state', { kind, state: shown, possible: possible.join(' or ') })];
};

/** A migration of whoever: also a cold one that waits to be confirmed or reverted. */
export const inFlight: InstanceRule = ({ instance: { migration } }) => {
  if (migration === null) return NOTHING;
  const { id, type, status, source_host, dest_host } = migration;
  const [from, to] = [source_host ?? 'somewhere', dest_host ?? 'somewhere'];
  return [find('migration-in-flight', { type, id, from, to, status })];
};

export const isPlaced: InstanceRule = ({ instance: { place } }) =>
  place !== null && place.host === null ? [find('instance-unplaced')] : NOTHING;

/** Owners' and operators' say in a server's metadata, and the kinds of moves it is about. */
const LIFECYCLE = [
  ['lifecycle:migratable', ['live', 'cold']],
  ['lifecycle:livemigratable', ['live']],
  ['lifecycle:coldmigratable', ['cold']],
] as const;
const YES = new Set(['true', 'yes', 'on', '1']);

/** Whatever is not plainly a yes is a no. */
export const metadataForbids: InstanceRule = ({ instance: { metadata }, kind }) => {
  const found: Finding[] = [];
  for (const [key, kinds] of LIFECYCLE) {
    const value = metadata?.[key];
    if (value === undefined || !kinds.some((one) => one === kind) || YES.has(value.trim().toLowerCase())) continue;
    found.push(find('metadata-forbids', { key, value }));
  }
  return found;
};

/** nova asks the host an instance is on; one that is down is left by evacuation only. */
export const sourceIsDown: InstanceRule = ({ view, instance: { place } }) => {
  const host = place === null || place.host === null ? undefined : view.host(place.host);
  if (host === undefined || (host.up !== false && host.service?.forced_down !== true)) return NOTHING;
  return [find('source-down', { host: host.name })];
};
