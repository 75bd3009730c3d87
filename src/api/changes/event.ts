import type { ElementKind } from '../../../model/element.ts';
import type { Cause, Value } from '../../../model/fact.ts';
import { sameValue } from '../../../model/join.ts';
import type { Entity, ModelChange } from '../../../model/live-model.ts';
import type { Revision } from '../../../model/revision.ts';
import { type ShownCause, showCause } from '../elements/cause.ts';
import { type OwnRepresentation, ownFields, representOwn } from '../elements/own.ts';

/** What a subscriber is told of one element. */
export interface ChangeEvent {
  readonly revision: Revision;
  readonly kind: ElementKind;
  readonly id: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** The fields that differ; empty for what was added or removed. */
  readonly fields: readonly string[];
  /** Former values: of those fields; of all of them for what was removed; null for what was added, or when not known. */
  readonly before: OwnRepresentation | null;
  /** The element as it is now; null when it is gone. */
  readonly after: OwnRepresentation | null;
  readonly cause: ShownCause | null;
}

/**
 * A change as an event. `was` and `is` say whether the subscriber's filter lets the former and the present element pass:
 * what comes into its sight is added, what leaves it is removed. Null when there is nothing to tell.
 */
export function changeEvent(change: ModelChange, was: boolean, is: boolean): ChangeEvent | null {
  const { revision, kind, id } = change;
  const before = was && change.before !== null ? representOwn(kind, change.before) : null;
  const after = change.after === null ? null : representOwn(kind, change.after);
  const cause = showCauseOrNull(change.cause);
  if (before === null && (after === null || !is)) return null;
  if (before === null) return { revision, kind, id, change: 'added', fields: [], before, after, cause };
  if (after === null || !is) return { revision, kind, id, change: 'removed', fields: [], before, after, cause };
  const fields = ownFields(kind).filter((name) => !sameValue(before[name], after[name]));
  if (fields.length === 0) return null;
  const former: Record<string, Value> = {};
  for (const name of fields) former[name] = before[name] ?? null;
  return { revision, kind, id, change: 'changed', fields, before: former, after, cause };
}

/** What is told of an element to somebody who was away: how it is now, with what was told of it last. */
export function presentEvent(
  revision: Revision,
  kind: ElementKind,
  id: string,
  element: Entity | null,
  cause: Cause | null,
): ChangeEvent {
  const after = element === null ? null : representOwn(kind, element);
  const change = after === null ? 'removed' : 'changed';
  return { revision, kind, id, change, fields: [], before: null, after, cause: showCauseOrNull(cause) };
}

function showCauseOrNull(cause: Cause | null): ShownCause | null {
  return cause === null ? null : showCause(cause);
}
