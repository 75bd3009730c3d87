import { zoneOf } from './grouping.ts';
import type { View } from './view.ts';

/** nova's name for the zone of whatever is in none (`default_availability_zone`). */
const DEFAULT_ZONE = 'nova';

/** The availability zone a host's aggregates give it; null when none does. nova allows one at most. */
export function zoneOfHost(host: string, view: View): string | null {
  for (const aggregate of view.aggregatesOf(host)) {
    const zone = zoneOf(aggregate);
    if (zone !== null) return zone;
  }
  return null;
}

/** The zone nova shows for a host. */
export function shownZoneOfHost(host: string, view: View): string {
  return zoneOfHost(host, view) ?? DEFAULT_ZONE;
}

/** The zone nova shows for an instance: that of its host, before it has one that which was asked for. */
export function shownZone(host: string | null, noted: string | null, view: View): string {
  return (host === null ? null : zoneOfHost(host, view)) ?? noted ?? DEFAULT_ZONE;
}
