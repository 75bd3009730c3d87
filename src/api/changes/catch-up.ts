import { type ElementKey, elementId, elementKey, elementKind } from '../../../model/element.ts';
import type { Cause } from '../../../model/fact.ts';
import { isKnown } from '../../../model/host.ts';
import type { Entity, LiveModel } from '../../../model/live-model.ts';
import { compareRevisions, parseRevision, type Revision } from '../../../model/revision.ts';
import type { Change, ModelStore } from '../../../model/store.ts';
import type { ServiceState } from '../../service-state.ts';
import type { ChangeRing } from './change-ring.ts';
import { presentEvent } from './event.ts';
import type { ElementFilter } from './filter.ts';
import { formatEvent, formatHeartbeat } from './format.ts';

/** More changes than this are not read back from the store: a snapshot is cheaper. */
const LIMIT = 20_000;
/** How long the store may take to tell them (ms). */
const PATIENCE = 5_000;

export interface CaughtUp {
  readonly events: Iterator<string>;
  /** The place in the ring from which to go on. */
  readonly place: number;
}

/**
 * For a subscriber whose place is older than the ring (it was away for long, or Vigil was restarted): what changed since
 * is looked up in the store, and each element concerned is told once, as it is now. Null when the store no longer has it.
 */
export async function catchUp(
  after: Revision,
  filter: ElementFilter,
  state: ServiceState,
  ring: ChangeRing,
): Promise<CaughtUp | null> {
  const { model, store } = state;
  const target = model.revision;
  const generation = ring.generation;
  const touched = await changesBetween(after, target, store);
  const gone = ring.namedHosts.goneSince(after);
  const place = ring.placeAfter(target);
  if (touched === null || gone === null || place === null || ring.generation !== generation) return null;
  for (let at = place; at < ring.end; at++) {
    const change = ring.entry(at)?.change;
    if (change !== undefined) touched.set(elementKey(change.kind, change.id), change.cause);
  }
  // Hosts that only instances name come and go with these, of which the store knows nothing.
  for (const host of [...gone, ...namedBy(touched.keys(), model)]) {
    const key = elementKey('host', host);
    if (!touched.has(key)) touched.set(key, null);
  }
  return { events: render(model, touched, filter), place: ring.end };
}

/** The hosts of which nothing is known but that some of these are there. */
function* namedBy(elements: Iterable<ElementKey>, model: LiveModel): Iterable<string> {
  for (const element of elements) {
    const name = elementKind(element) === 'instance' ? model.instance(elementId(element))?.place?.host : undefined;
    const host = typeof name === 'string' ? model.host(name) : undefined;
    if (host !== undefined && !isKnown(host)) yield host.name;
  }
}

/** The elements changed after one revision up to another, each with its last cause; null when that cannot be told. */
async function changesBetween(
  after: Revision,
  target: Revision,
  store: ModelStore,
): Promise<Map<ElementKey, Cause | null> | null> {
  const [from, to] = [parseRevision(after), parseRevision(target)];
  // What the store lost when it began another epoch, it cannot tell as gone.
  if (from === null || from.epoch !== to?.epoch || from.seq > to.seq) return null;
  const touched = new Map<ElementKey, Cause | null>();
  let read = 0;
  const following = store.follow(after)[Symbol.asyncIterator]();
  const timeout = timer(PATIENCE);
  try {
    while (read < LIMIT) {
      const next = await Promise.race([following.next(), timeout.elapsed]);
      if (next === null || next.done === true || next.value.kind === 'reset') return null;
      for (const change of next.value.changes) touched.set(change.element, lastCause(change));
      read += next.value.changes.length;
      const last = next.value.changes.at(-1);
      if (last !== undefined && compareRevisions(last.revision, target) >= 0) return touched;
    }
    return null;
  } finally {
    timeout.stop();
    void following.return?.();
  }
}

function lastCause({ facts }: Change): Cause | null {
  let latest: Change['facts'][number] | null = null;
  for (const fact of facts) if (latest === null || latest.clock < fact.clock) latest = fact;
  return latest?.cause ?? null;
}

function render(
  model: LiveModel,
  touched: ReadonlyMap<ElementKey, Cause | null>,
  filter: ElementFilter,
): Iterator<string> {
  const { revision } = model;
  const elements = [...touched].map(([key, cause]) => ({ key, cause, element: find(model, key) }));
  return (function* () {
    for (const { key, cause, element } of elements) {
      const kind = elementKind(key);
      const seen = element !== null && (filter === undefined || filter(kind, element)) ? element : null;
      yield formatEvent('change', presentEvent(revision, kind, elementId(key), seen, cause));
    }
    yield formatHeartbeat(revision);
  })();
}

function find(model: LiveModel, key: ElementKey): Entity | null {
  const id = elementId(key);
  switch (elementKind(key)) {
    case 'host':
      return model.host(id) ?? null;
    case 'instance':
      return model.instance(id) ?? null;
    case 'aggregate':
      return model.aggregate(id) ?? null;
    case 'server_group':
      return model.serverGroup(id) ?? null;
  }
}

function timer(milliseconds: number): { readonly elapsed: Promise<null>; stop(): void } {
  let stop = (): void => undefined;
  const elapsed = new Promise<null>((resolve) => {
    const timeout = setTimeout(resolve, milliseconds, null);
    stop = () => clearTimeout(timeout);
  });
  return { elapsed, stop: () => stop() };
}
