import { ELEMENT_KINDS, type ElementKind } from '../../../model/element.ts';
import type { Entity, LiveModel } from '../../../model/live-model.ts';
import type { Revision } from '../../../model/revision.ts';
import { type OwnRepresentation, representOwn } from '../elements/own.ts';
import type { ElementFilter } from './filter.ts';
import { formatEvent } from './format.ts';

const ELEMENTS_A_PART = 50;

/**
 * The model of this very tick as events: `snapshot` parts, then `synced-snapshot`. Only references are copied now; elements
 * never change, so the texts can be made later, as the subscriber reads.
 */
export function snapshotEvents(model: LiveModel, filter: ElementFilter): Iterator<string> {
  const { revision } = model;
  const elements: { readonly [kind in ElementKind]: readonly Entity[] } = {
    host: [...model.hosts()],
    instance: [...model.instances()],
    aggregate: [...model.aggregates()],
    server_group: [...model.serverGroups()],
  };
  return render(revision, elements, filter);
}

function* render(
  revision: Revision,
  elements: { readonly [kind in ElementKind]: readonly Entity[] },
  filter: ElementFilter,
): Iterator<string> {
  const counts: { [kind: string]: number } = {};
  let part = 0;
  for (const kind of ELEMENT_KINDS) {
    counts[kind] = 0;
    for (const shown of parts(kind, elements[kind], filter)) {
      yield formatEvent('snapshot', { revision, part, kind, elements: shown });
      counts[kind] += shown.length;
      part += 1;
    }
  }
  yield formatEvent('synced-snapshot', { revision, parts: part, counts }, revision);
}

function* parts(
  kind: ElementKind,
  elements: readonly Entity[],
  filter: ElementFilter,
): Iterable<readonly OwnRepresentation[]> {
  let shown: OwnRepresentation[] = [];
  for (const element of elements) {
    if (filter !== undefined && !filter(kind, element)) continue;
    shown.push(representOwn(kind, element));
    if (shown.length < ELEMENTS_A_PART) continue;
    yield shown;
    shown = [];
  }
  if (shown.length > 0) yield shown;
}
