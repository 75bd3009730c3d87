import type { HostRule } from '../move.ts';
import { type Finding, find } from '../reason.ts';

/** The host itself: another one, up, enabled. */
export const hostState: HostRule =
  ({ instance }) =>
  ({ host: { name, service, up } }) => {
    const found: Finding[] = [];
    if (instance.place?.host === name) found.push(find('same-host', { host: name }));
    if (service?.forced_down === true) found.push(find('host-forced-down', { host: name }));
    else if (up === false) found.push(find('host-down', { host: name }));
    if (service?.disabled === true) {
      const why = service.disabled_reason === null ? '' : `: ${service.disabled_reason}`;
      found.push(find('host-disabled', { host: name, why }));
    }
    return found;
  };
