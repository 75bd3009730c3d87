import type { Action } from '../../../src/audits/action.ts';
import type { Parameters } from '../../../src/audits/audit.ts';
import { PLAN } from '../events/records.ts';

/** An action of the plan {@link PLAN} that waits. */
export function action(
  actionType: Action['actionType'],
  inputParameters: Parameters,
  more: Partial<Action> = {},
): Action {
  return {
    ...{ id: 1, uuid: `${actionType}-${String(inputParameters.resource_id)}`, planUuid: PLAN.uuid },
    ...{ auditUuid: PLAN.auditUuid, actionType, inputParameters, state: 'PENDING', statusMessage: null },
    ...{ parents: [], weight: 30, reason: 'test', intent: null, history: [] },
    ...{ createdAt: PLAN.createdAt, updatedAt: null, deletedAt: null },
    ...more,
  };
}

export function moveOf(uuid: string, from: string, to: string | null, more: Partial<Action> = {}): Action {
  const destination: Parameters = to === null ? {} : { destination_node: to };
  const input = { migration_type: 'live', source_node: from, resource_id: uuid, ...destination };
  return action('migrate', input, more);
}
