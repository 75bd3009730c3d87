/** A collection of the optimizer API, as the command line names and shows it. */
export interface Collection {
  /** What one of them is called in a sentence. */
  readonly noun: string;
  /** Its part of the path. */
  readonly path: string;
  /** The columns of a list that are shown unless others are asked for. */
  readonly columns: readonly string[];
  /** How one of them is named in a command. */
  readonly id: string;
  /** By what a list can be narrowed: query argument, what it means. */
  readonly filters: Readonly<Record<string, string>>;
}

const BY_GOAL_AND_STRATEGY = { goal: 'only of a goal (name or uuid)', strategy: 'only of a strategy (name or uuid)' };

export const GOALS: Collection = {
  noun: 'goal',
  path: 'goals',
  columns: ['name', 'display_name', 'uuid'],
  id: 'name or uuid',
  filters: {},
};

export const STRATEGIES: Collection = {
  noun: 'strategy',
  path: 'strategies',
  columns: ['name', 'goal_name', 'display_name', 'uuid'],
  id: 'name or uuid',
  filters: { goal: 'only of a goal (name or uuid)' },
};

export const AUDIT_TEMPLATES: Collection = {
  noun: 'audit template',
  path: 'audit_templates',
  columns: ['uuid', 'name', 'goal_name', 'strategy_name', 'description'],
  id: 'name or uuid',
  filters: BY_GOAL_AND_STRATEGY,
};

export const AUDITS: Collection = {
  noun: 'audit',
  path: 'audits',
  columns: ['uuid', 'name', 'audit_type', 'state', 'goal_name', 'strategy_name', 'auto_trigger', 'next_run_time'],
  id: 'name or uuid',
  filters: BY_GOAL_AND_STRATEGY,
};

export const ACTION_PLANS: Collection = {
  noun: 'action plan',
  path: 'action_plans',
  columns: ['uuid', 'audit_uuid', 'state', 'strategy_name', 'status_message', 'created_at', 'updated_at'],
  id: 'uuid',
  filters: { audit_uuid: 'only of an audit (name or uuid)', strategy: 'only of a strategy (name or uuid)' },
};

export const ACTIONS: Collection = {
  noun: 'action',
  path: 'actions',
  columns: [
    'uuid',
    'action_type',
    'state',
    'input_parameters.resource_name',
    'input_parameters.source_node',
    'input_parameters.destination_node',
    'status_message',
  ],
  id: 'uuid',
  filters: { action_plan_uuid: 'only of an action plan (uuid)', audit_uuid: 'only of an audit (name or uuid)' },
};
