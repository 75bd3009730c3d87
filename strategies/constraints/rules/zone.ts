import { shownZoneOfHost } from '../../../model/zone.ts';
import type { HostRule } from '../move.ts';
import { find, NOTHING } from '../reason.ts';

/**
 * The zone that was asked for. A nova too old to tell it (2.96 does) leaves it open: then no move leaves the zone the
 * instance is in.
 */
export const pinnedZone: HostRule = ({ view, instance: { constraints, place } }) => {
  if (constraints === null) return null;
  const pinned = constraints.pinned_zone;
  if (pinned === null) return null;
  if (pinned !== undefined)
    return ({ name, zone }) => (zone === pinned ? NOTHING : [find('other-zone', { pinned, host: name, zone })]);
  const here = place === null || place.host === null ? null : shownZoneOfHost(place.host, view);
  return ({ name, zone }) =>
    zone === here
      ? NOTHING
      : [find('unknown', { what: `whether it asked for its zone, of which ${name} is not (nova tells it from 2.96)` })];
};
