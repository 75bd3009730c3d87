/**
 * Every field of nova's payloads, and of the objects in them, that a fact is made of: what else a message holds need not be
 * parsed. Whoever reads a payload as {@link ReadFields} cannot read what is not listed here.
 */
export const READ_FIELDS = {
  /** Kept with those of their own fields that are listed as well. */
  some: [
    'nova_object.data',
    ...['uuid', 'instance_uuid', 'id', 'name', 'host', 'node', 'availability_zone'],
    ...['state', 'task_state', 'state_update', 'old_state', 'old_task_state', 'power_state', 'locked', 'locked_reason'],
    ...['display_name', 'host_name', 'tenant_id', 'user_id', 'image_uuid'],
    ...['created_at', 'launched_at', 'updated_at', 'deleted_at'],
    ...['flavor', 'vcpus', 'memory_mb', 'root_gb', 'ephemeral_gb', 'swap'],
    ...['fault', 'reason', 'exception', 'exception_message'],
    ...['block_devices', 'volume_id', 'old_volume_id', 'new_volume_id'],
    ...['binary', 'disabled', 'disabled_reason', 'forced_down'],
    ...['hosts', 'members', 'policy', 'policies', 'project_id', 'tags'],
  ],
  /** Kept with whatever is in them. */
  whole: ['metadata', 'extra_specs', 'rules'],
} as const;

export type ReadFields = {
  readonly [name in (typeof READ_FIELDS)['some' | 'whole'][number]]?: unknown;
};
