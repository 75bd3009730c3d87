import type { View } from '../../model/view.ts';
import type { Procedure } from './step.ts';

/** Lets nova place instances on a host, or no longer. Doing it again does no harm. */
export function serviceState(host: string, disabled: boolean, reason: string | null, view: View): Procedure {
  const isReached = (now: View): boolean => now.host(host)?.service?.disabled === disabled;
  return {
    steps: [
      {
        call: disabled ? 'disable-service' : 'enable-service',
        server: null,
        send: (nova, options) => {
          const service = view.host(host)?.service ?? null;
          if (service === null) throw new RangeError(`No nova-compute service of host ${host} is known.`);
          return nova.setService(service.uuid, disabled, reason, options);
        },
        isReached,
        looksOver: () => false,
        // The reading that goes before tells the model; what that does not show, nova did not do.
        judge: () => ({ kind: 'absent' }),
        refuses: () => null,
      },
    ],
  };
}
