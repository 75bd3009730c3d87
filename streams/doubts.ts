import { mergeMap, type OperatorFunction } from 'rxjs';
import { type ElementKey, elementId } from '../model/element.ts';
import type { Fact } from '../model/fact.ts';
import { type Place, REGISTER } from '../model/registers.ts';
import { AUTHORITY, type Confirm } from './authority/table.ts';
import { dataOf, decodeEnvelope } from './decode/envelope.ts';
import { isId } from './decode/fields.ts';
import type { Decoded } from './decoded.ts';
import type { Ingested } from './ingest.ts';

/** Something that notifications leave open, to be cleared by asking nova's API. */
export interface Doubt {
  readonly target: { readonly kind: 'instance' | 'host'; readonly id: string };
  /** How long what is under way may take to settle. */
  readonly afterSeconds: number;
  /** When not null: the doubt is gone once the model has the instance elsewhere. */
  readonly onlyWhileOn: string | null;
  readonly reason: string;
}

/** An evacuated instance's new host is saved some 50 ms after the event that shows it. */
const PLACE_SETTLES = 10;
/** Instances whose last place is remembered, at least. */
const REMEMBERED = 10_000;

/** The version part of a clock. */
const VERSION_LENGTH = 10;

interface ToldPlace {
  readonly version: string;
  readonly host: string;
}

/**
 * The places told last. In two generations, of which the older is let go of as a whole: a map that loses its oldest entry
 * with every new one is slow at finding which that is.
 */
class LastPlaces {
  #young = new Map<ElementKey, ToldPlace>();
  #old: ReadonlyMap<ElementKey, ToldPlace> = new Map();

  /** Takes note of a place; returns the one before, if it is remembered. */
  replace(element: ElementKey, place: ToldPlace): ToldPlace | undefined {
    const last = this.#young.get(element) ?? this.#old.get(element);
    if (this.#young.size === REMEMBERED) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(element, place);
    return last;
  }
}

/**
 * Finds in what was ingested all that must be confirmed: what the authority table says of an event; a host told without its
 * node; two hosts told with the same version of the row, of which only time says which is the later.
 */
export function findDoubts(): OperatorFunction<Ingested, Doubt> {
  return (ingested$) => {
    const places = new LastPlaces();
    return ingested$.pipe(mergeMap(({ decoded }) => doubtsOf(decoded, places)));
  };
}

function doubtsOf(decoded: readonly Decoded[], places: LastPlaces): Doubt[] {
  const doubts: Doubt[] = [];
  for (const one of decoded) {
    const left = doubtOfEvent(one);
    if (left !== null) doubts.push(left);
    for (const fact of one.facts) {
      const open = fact.register === REGISTER.place ? doubtOfPlace(fact, places) : null;
      if (open !== null) doubts.push(open);
    }
  }
  return doubts;
}

function doubtOfEvent(decoded: Decoded): Doubt | null {
  const { event, publisher } = decoded;
  const confirm = event === null ? undefined : AUTHORITY.get(event)?.confirm;
  if (event === null || confirm === undefined) return null;
  if (confirm.about === 'sender') {
    const [service, host] = publisher.split(':', 2);
    if (service !== 'nova-compute' || !isId(host)) return null;
    return doubt({ kind: 'host', id: host }, confirm, null, event);
  }
  const [fact] = decoded.facts;
  if (fact !== undefined && confirm.unlessMoved === undefined)
    return doubt({ kind: 'instance', id: elementId(fact.element) }, confirm, null, event);
  // What claims nothing was not looked into any further yet.
  const { uuid, instance_uuid: instance, host } = dataOf(decodeEnvelope(decoded.message.body).payload, 'payload');
  const id = uuid ?? instance;
  if (!isId(id)) return null;
  return doubt({ kind: 'instance', id }, confirm, confirm.unlessMoved && isId(host) ? host : null, event);
}

function doubt(target: Doubt['target'], { afterSeconds }: Confirm, onlyWhileOn: string | null, reason: string): Doubt {
  return { target, afterSeconds, onlyWhileOn, reason };
}

function doubtOfPlace(fact: Fact, places: LastPlaces): Doubt | null {
  const { host, node } = fact.value as Place;
  if (host === null) return null;
  const version = fact.clock.slice(0, VERSION_LENGTH);
  const last = places.replace(fact.element, { version, host });
  const reason = reasonToDoubt(node, host, version, last);
  if (reason === null) return null;
  const target = { kind: 'instance', id: elementId(fact.element) } as const;
  return { target, afterSeconds: PLACE_SETTLES, onlyWhileOn: null, reason };
}

function reasonToDoubt(node: string | null, host: string, version: string, last?: ToldPlace): string | null {
  if (node === null) return 'a host was told without its node';
  if (last === undefined || last.version !== version || last.host === host) return null;
  return 'two hosts were told with the same version of the row';
}
