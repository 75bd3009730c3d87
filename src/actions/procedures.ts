import type { View } from '../../model/view.ts';
import { serviceHostOf } from '../../strategies/planner/inputs.ts';
import type { Action } from '../audits/action.ts';
import type { Parameters } from '../audits/audit.ts';
import { coldMigration, liveMigration, toFlavor } from './moves.ts';
import { starting, stopping } from './power.ts';
import { serviceState } from './service-state.ts';
import type { Procedure } from './step.ts';

const text = (input: Parameters, name: string): string => String(input[name] ?? '');
const optional = (input: Parameters, name: string): string | null =>
  typeof input[name] === 'string' ? input[name] : null;

/** How each type of action is carried out by nova; null for one that needs no nova. */
const PROCEDURES: { readonly [Type in Action['actionType']]: (input: Parameters, view: View) => Procedure | null } = {
  migrate: (input) => {
    const uuid = text(input, 'resource_id');
    const move = { uuid, from: text(input, 'source_node'), to: optional(input, 'destination_node') };
    return input.migration_type === 'cold' ? coldMigration(move) : liveMigration(move);
  },
  stop: (input) => stopping(text(input, 'resource_id')),
  start: (input) => starting(text(input, 'resource_id')),
  resize: (input) => toFlavor(text(input, 'resource_id'), text(input, 'flavor')),
  change_nova_service_state: (input, view) =>
    serviceState(serviceHostOf(input), input.state === 'disabled', optional(input, 'disabled_reason'), view),
  nop: () => null,
  sleep: () => null,
};

export function procedureOf({ actionType, inputParameters }: Action, view: View): Procedure | null {
  return PROCEDURES[actionType](inputParameters, view);
}

/** Whether anything is done to the cloud. */
export function touchesCloud({ actionType }: Action): boolean {
  return actionType !== 'nop' && actionType !== 'sleep';
}
