import type { MoveKind } from '../constraints/move.ts';
import type { ProposedAction } from '../strategy.ts';

/** A migration, as its input says. */
export interface MoveInput {
  readonly uuid: string;
  readonly kind: MoveKind;
  readonly from: string;
  /** Where it goes, or is foreseen to go when nova is to choose; null when nobody can tell. */
  readonly to: string | null;
}

/** Null for an action of another type. */
export function moveOf({ type, input, foreseen }: ProposedAction): MoveInput | null {
  if (type !== 'migrate') return null;
  return {
    uuid: String(input.resource_id),
    kind: input.migration_type === 'cold' ? 'cold' : 'live',
    from: String(input.source_node),
    to: typeof input.destination_node === 'string' ? input.destination_node : (foreseen ?? null),
  };
}

/** The host whose service is changed: by its name where that is given, as clients may name the node by its uuid beside it. */
export function serviceHostOf(input: ProposedAction['input']): string {
  const { resource_id: id, resource_name: name } = input;
  return typeof name === 'string' && name !== '' ? name : String(id);
}

/** What an action is done to; null for one that is done to nothing. */
export function resourceOf({ type, input }: ProposedAction): string | null {
  if (type === 'nop' || type === 'sleep') return null;
  return typeof input.resource_id === 'string' ? input.resource_id : null;
}
