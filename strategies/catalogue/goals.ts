import type { EfficacyIndicator, Goal } from '../goal.ts';

function count(name: string, description: string): EfficacyIndicator {
  return { name, description, unit: null, schema: { type: 'integer', minimum: 0 } };
}

function amount(name: string, description: string, unit: string | null = null): EfficacyIndicator {
  return { name, description, unit, schema: { type: 'number', minimum: 0 } };
}

/** Watcher's goals, under its names and with its indicators, then Vigil's own. Clients see them in this order. */
export const GOALS = [
  {
    name: 'airflow_optimization',
    displayName: 'Airflow Optimization',
    description: 'Keep the airflow of hosts below what cooling is made for.',
    efficacy: [],
  },
  {
    name: 'cluster_maintaining',
    displayName: 'Cluster Maintaining',
    description: 'Empty a host, so that people can work on it.',
    efficacy: [],
  },
  {
    name: 'dummy',
    displayName: 'Dummy goal',
    description: 'Change nothing: for trying out audits, plans and clients.',
    efficacy: [],
  },
  {
    name: 'hardware_maintenance',
    displayName: 'Hardware Maintenance',
    description: 'Move instances and volumes from old hardware to new.',
    efficacy: [
      count('live_migrate_instance_count', 'Instances that the plan moves while they run.'),
      count('planned_live_migrate_instance_count', 'Instances that should be moved while they run.'),
      count('cold_migrate_instance_count', 'Instances that the plan moves while they are stopped.'),
      count('planned_cold_migrate_instance_count', 'Instances that should be moved while they are stopped.'),
      count('volume_migrate_count', 'Detached volumes that the plan moves.'),
      count('planned_volume_migrate_count', 'Detached volumes that should be moved.'),
      count('volume_update_count', 'Attached volumes that the plan moves.'),
      count('planned_volume_update_count', 'Attached volumes that should be moved.'),
    ],
  },
  {
    name: 'noisy_neighbor',
    displayName: 'Noisy Neighbor',
    description: 'Take instances that spoil the caches of others away from them.',
    efficacy: [],
  },
  {
    name: 'saving_energy',
    displayName: 'Saving Energy',
    description: 'Switch off hosts that nobody needs, and on again when they are needed.',
    efficacy: [],
  },
  {
    name: 'server_consolidation',
    displayName: 'Server Consolidation',
    description: 'Run the same instances on fewer hosts.',
    efficacy: [
      count('compute_nodes_count', 'Hosts whose service is enabled.'),
      count('released_compute_nodes_count', 'Hosts that the plan leaves without instances.'),
      count('instance_migrations_count', 'Instances that the plan moves.'),
    ],
  },
  {
    name: 'thermal_optimization',
    displayName: 'Thermal Optimization',
    description: 'Move load away from hosts that run hot.',
    efficacy: [],
  },
  {
    name: 'unclassified',
    displayName: 'Unclassified',
    description: 'Whatever the one who starts the audit is after.',
    efficacy: [],
  },
  {
    name: 'workload_balancing',
    displayName: 'Workload Balancing',
    description: 'Spread load evenly over hosts.',
    efficacy: [
      count('instance_migrations_count', 'Instances that the plan moves.'),
      count('instances_count', 'Instances that were looked at.'),
      amount('standard_deviation_after_audit', 'Standard deviation of the load of hosts once the plan is carried out.'),
      amount('standard_deviation_before_audit', 'Standard deviation of the load of hosts now.'),
    ],
  },
  {
    name: 'sla',
    displayName: 'Service Level Agreement',
    description: 'Give instances back the performance that a rule promises them, by moving what takes it away.',
    efficacy: [
      count('victims_count', 'Instances that get less than the rule promises.'),
      count('relieved_victims_count', 'Of these, those whose aggressor the plan takes away.'),
      count('instance_migrations_count', 'Instances that the plan moves.'),
      amount('expected_relief', 'By how much the demand beside the victims sinks, as far as can be foreseen.', '%'),
    ],
  },
  {
    name: 'model_refresh',
    displayName: 'Model Refresh',
    description: 'Read the cloud anew, so that what is decided next is decided on what is so.',
    efficacy: [],
  },
] as const satisfies readonly Goal[];

export type GoalName = (typeof GOALS)[number]['name'];
