import type { View } from '../../model/view.ts';
import type { Rule } from '../../streams/sla/rule.ts';
import { isSilenced, type Silence, silentUntil } from './silence.ts';

/** Why nothing is made of a breach now. */
export interface Mute {
  readonly code: 'silence' | 'host-in-maintenance' | 'host-disabled-by-vigil';
  readonly text: string;
}

const MILLIS = 1_000;
/** How Vigil and Watcher begin the reason for which they disable a host. */
const BY_OPTIMIZER = /^(vigil|watcher)(?![a-z])/i;
const MAINTENANCE = /maint/i;

/** What keeps a breach of a resource from being one; null when nothing does. */
export function muteOf(
  rule: Rule,
  resource: string,
  time: number,
  view: View,
  silences: Iterable<Silence>,
): Mute | null {
  const host = rule.of === 'host' ? resource : (view.instance(resource)?.place?.host ?? null);
  const ofHost = host === null ? null : hostMute(host, view);
  if (ofHost !== null) return ofHost;
  for (const silence of silences) {
    if (!isSilenced(silence, rule, resource, time, view)) continue;
    const until = new Date((silentUntil(silence, time) ?? time) * MILLIS).toISOString();
    return { code: 'silence', text: `silenced until ${until} by ${silence.createdBy}: ${silence.comment}` };
  }
  return null;
}

/** A host that is being emptied or worked on: what is measured there is what was meant. */
function hostMute(name: string, view: View): Mute | null {
  const service = view.host(name)?.service ?? null;
  const reason = service?.disabled_reason ?? '';
  if (service?.disabled !== true) return null;
  if (MAINTENANCE.test(reason)) {
    return { code: 'host-in-maintenance', text: `host ${name} is disabled for maintenance: ${reason}` };
  }
  if (BY_OPTIMIZER.test(reason)) {
    return { code: 'host-disabled-by-vigil', text: `host ${name} was disabled by the optimizer itself: ${reason}` };
  }
  return null;
}
