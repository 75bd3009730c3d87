import type { Entity, LiveModel } from '../../../model/live-model.ts';
import { VigilError } from '../../errors.ts';
import { type Field, type Represented, represent, show } from '../elements/field.ts';
import type { Kind } from '../elements/kinds.ts';
import { explainFields } from '../explain.ts';
import { selectFields } from './fields.ts';
import type { ListQuery } from './list-query.ts';
import { comparePositions, type Position, type SortValue } from './order.ts';
import { Smallest } from './smallest.ts';

export interface Page {
  readonly elements: readonly Represented[];
  /** The marker of the next page; null on the last. */
  readonly nextMarker: string | null;
}

/** One page of those candidates that match, sorted. Looks at each candidate once and copies only the page. */
export function listPage<E extends Entity>(
  kind: Kind<E>,
  candidates: Iterable<E>,
  matches: (element: E) => boolean,
  query: ListQuery,
  model: LiveModel,
): Page {
  const shown = selectFields(kind.fields, query.fields);
  const sortField = kind.fields.find(({ name }) => name === query.sort_key) ?? kind.fields[0];
  const positionOf = (element: E): Position & { element: E } => ({
    value: show(sortField, element, model) as SortValue,
    id: idOf(kind, element),
    element,
  });
  const compare = comparePositions(query.sort_dir);
  const start = query.marker === undefined ? null : markedPosition(kind, sortField, query.marker, model);
  const page = new Smallest<Position & { element: E }>(query.limit + 1, compare);
  for (const element of candidates) {
    if (!matches(element)) continue;
    const position = positionOf(element);
    if (start === null || compare(position, start) > 0) page.offer(position);
  }
  const found = page.take();
  const elements = found.slice(0, query.limit).map(({ element, id }) => {
    const representation = represent(shown, element, model);
    if (!query.explain) return representation;
    return { ...representation, explain: explainFields(kind.kind, id, shown, model) };
  });
  const last = found.length > query.limit ? found[query.limit - 1] : undefined;
  return { elements, nextMarker: last?.id ?? null };
}

/** A marker need not exist any more where the order is that of the ids themselves. */
function markedPosition<E extends Entity>(
  kind: Kind<E>,
  sortField: Field<E>,
  marker: string,
  model: LiveModel,
): Position {
  const idField = kind.fields[0];
  if (sortField === idField) return { value: marker, id: marker };
  const element = kind.find(model, marker);
  if (element === undefined) {
    throw new VigilError('unknown-marker', { marker, sort_key: sortField.name, id_key: idField.name });
  }
  return { value: show(sortField, element, model) as SortValue, id: marker };
}

function idOf<E extends Entity>(kind: Kind<E>, element: E): string {
  const [id] = kind.fields;
  return 'of' in id ? String(id.of(element)) : '';
}
