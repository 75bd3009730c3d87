import { explainMoves } from '../../../strategies/constraints/may-move.ts';
import type { Loop, Proposed } from './loop.ts';

/** A move that the rules of the cloud admit. */
export interface Possible {
  readonly uuid: string;
  readonly from: string;
  readonly to: string;
}

/** Possible live migrations of instances that are running, one of each, to a host other than `not`. */
export function possibleMoves({ service: { model } }: Loop, count: number): Possible[] {
  const found: Possible[] = [];
  for (const { uuid, place, state } of model.instances()) {
    if (found.length === count) break;
    if (place?.host == null || state?.vm_state !== 'active') continue;
    const target = explainMoves(model, uuid, 'live').find(({ allowed }) => allowed);
    if (target !== undefined) found.push({ uuid, from: place.host, to: target.host });
  }
  if (found.length < count) throw new Error(`only ${found.length} instances can be moved`);
  return found;
}

export function migrate({ uuid, from, to }: Possible, kind: 'live' | 'cold' = 'live'): Proposed {
  return {
    action_type: 'migrate',
    input_parameters: { migration_type: kind, source_node: from, destination_node: to, resource_id: uuid },
  };
}
