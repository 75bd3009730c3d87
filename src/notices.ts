import type { Notice } from './service-state.ts';

/** What an operator is told to mend, with what is lost until then. */
export const NOTICES = {
  stateChangeUnset: {
    code: 'notify-on-state-change-unset',
    text:
      'nova sends no instance.update: set [notifications] notify_on_state_change = vm_and_task_state on all nova services. ' +
      'Until then errors that nothing else reports, metadata, tags and renames are only seen by the next reconcile, ' +
      'and the node of an evacuated instance is unknown until then.',
  },
  gapUnrepaired: {
    code: 'gap-unrepaired',
    text:
      'notifications may have been missed and no OpenStack API is configured to look what they said: ' +
      'set openstack: in the configuration, so that gaps are repaired by a full pass.',
  },
  seriesRefused: {
    code: 'series-refused',
    text:
      'more series are measured than are held: those that are new are refused and not evaluated, so breaches of theirs are missed. ' +
      'Measure less, or raise metrics.max_series (GET /sla/sources shows what was refused) or sla.samples_memory.',
  },
} as const satisfies Record<string, Notice>;
