import type { Host } from '../model/host.ts';
import type { Instance } from '../model/instance.ts';
import type { MoveKind } from './constraints/move.ts';
import type { ProposedAction } from './strategy.ts';

/** Proposes to move an instance; without a destination nova chooses one. */
export function migrate(instance: Instance, kind: MoveKind, to: string | null, reason: string): ProposedAction {
  const input = {
    migration_type: kind,
    source_node: instance.place?.host ?? '',
    ...(to === null ? {} : { destination_node: to }),
    ...named(instance),
  };
  return { type: 'migrate', input, reason };
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
