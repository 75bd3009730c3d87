import type { Host } from '../model/host.ts';
import type { Instance } from '../model/instance.ts';
import type { MoveKind } from './constraints/move.ts';
import type { ProposedAction } from './strategy.ts';

/** Proposes to move an instance to a host. */
export function migrate(instance: Instance, kind: MoveKind, to: string, reason: string): ProposedAction {
  const { input, ...action } = migrateAnywhere(instance, kind, null, reason);
  return { ...action, input: { ...input, destination_node: to } };
}

/** Proposes to move an instance to wherever nova chooses; `foreseen` is a host that may take it, null when none is known. */
export function migrateAnywhere(
  instance: Instance,
  kind: MoveKind,
  foreseen: string | null,
  reason: string,
): ProposedAction {
  const input = { migration_type: kind, source_node: instance.place?.host ?? '', ...named(instance) };
  return { type: 'migrate', input, reason, ...(foreseen === null ? {} : { foreseen }) };
}

export function stop(instance: Instance, reason: string): ProposedAction {
  return { type: 'stop', input: named(instance), reason };
}

/** Lets nova place instances on a host, or no longer (then with a text that nova shows). */
export function setService(
  { name, nodes }: Pick<Host, 'name' | 'nodes'>,
  disabledReason: string | null,
  reason: string,
): ProposedAction {
  const state = disabledReason === null ? { state: 'enabled' } : { state: 'disabled', disabled_reason: disabledReason };
  return {
    type: 'change_nova_service_state',
    input: { resource_id: nodes[0]?.uuid ?? name, resource_name: name, ...state },
    reason,
  };
}

function named({ uuid, identity }: Instance): { resource_id: string; resource_name: string | null } {
  return { resource_id: uuid, resource_name: identity?.name ?? null };
}
