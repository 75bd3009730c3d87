import { flag, text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

/** Empties a host, so that people can work on it. */
export const hostMaintenance: Strategy = {
  name: 'host_maintenance',
  displayName: 'Host Maintenance Strategy',
  goal: 'cluster_maintaining',
  description: 'Disables the service of a host, then moves or stops what is on it, each instance as its state admits.',
  parameters: {
    properties: {
      maintenance_node: text('Name of the host to be emptied.'),
      backup_node: text('Name of a host that takes its instances; left out, each goes where there is room.'),
      disable_live_migration: flag('Move nothing while it runs: running instances are moved cold, or stopped.', {
        default: false,
      }),
      disable_cold_migration: flag('Move nothing that is stopped.', { default: false }),
    },
    required: ['maintenance_node'],
  },
  needs: [],
  plan: null,
};
