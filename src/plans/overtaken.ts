import type { View } from '../../model/view.ts';
import type { Action } from '../audits/action.ts';

/** Why a plan that nobody started can no longer be carried out as it was meant; null when it can, as far as is known. */
export function whyOvertaken(actions: readonly Action[], view: View): string | null {
  for (const { state, actionType, inputParameters: input } of actions) {
    if (state !== 'PENDING' || actionType === 'nop' || actionType === 'sleep') continue;
    if (actionType === 'change_nova_service_state') continue;
    const uuid = String(input.resource_id);
    const instance = view.instance(uuid);
    if (instance === undefined) return `The model has moved on: instance ${uuid} is gone.`;
    const host = instance.place?.host ?? null;
    if (actionType === 'migrate' && host !== null && host !== input.source_node) {
      return `The model has moved on: instance ${uuid} is on ${host}, not on ${String(input.source_node)}.`;
    }
  }
  return null;
}
