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
/** Instances whose last place is remembered. */
const REMEMBERED = 10_000;

/** The version part of a clock. */
const VERSION_LENGTH = 10;

interface ToldPlace {
  readonly version: string;
  readonly host: string;
}

type Places = Map<ElementKey, ToldPlace>;

/**
 * Finds in what was ingested all that must be confirmed: what the authority table says of an event; a host told without its
 * node; two hosts told with the same version of the row, of which only time says which is the later.
 */
export function findDoubts(): OperatorFunction<Ingested, Doubt> {
  return (ingested$) => {
    const places: Places = new Map();
    return ingested$.pipe(
      mergeMap(({ decoded }) => decoded),
      mergeMap((one) => [...doubtOfEvent(one), ...one.facts.flatMap((fact) => doubtOfPlace(fact, places))]),
    );
  };
}

function doubtOfEvent(decoded: Decoded): Doubt[] {
  const { event, publisher } = decoded;
  const confirm = event === null ? undefined : AUTHORITY.get(event)?.confirm;
  if (event === null || confirm === undefined) return [];
  if (confirm.about === 'sender') {
    const [service, host] = publisher.split(':', 2);
    if (service !== 'nova-compute' || !isId(host)) return [];
    return [doubt({ kind: 'host', id: host }, confirm, null, event)];
  }
  const [fact] = decoded.facts;
  if (fact !== undefined && confirm.unlessMoved === undefined)
    return [doubt({ kind: 'instance', id: elementId(fact.element) }, confirm, null, event)];
  // What claims nothing was not looked into any further yet.
  const { uuid, instance_uuid: instance, host } = dataOf(decodeEnvelope(decoded.message.body).payload, 'payload');
  const id = uuid ?? instance;
  if (!isId(id)) return [];
  return [doubt({ kind: 'instance', id }, confirm, confirm.unlessMoved && isId(host) ? host : null, event)];
}

function doubt(target: Doubt['target'], { afterSeconds }: Confirm, onlyWhileOn: string | null, reason: string): Doubt {
  return { target, afterSeconds, onlyWhileOn, reason };
}

function doubtOfPlace(fact: Fact, places: Places): Doubt[] {
  if (fact.register !== REGISTER.place) return [];
  const { host, node } = fact.value as Place;
  if (host === null) return [];
  const version = fact.clock.slice(0, VERSION_LENGTH);
  const last = places.get(fact.element);
  remember(places, fact.element, { version, host });
  const target = { kind: 'instance', id: elementId(fact.element) } as const;
  const open = { target, afterSeconds: PLACE_SETTLES, onlyWhileOn: null };
  if (node === null) return [{ ...open, reason: 'a host was told without its node' }];
  if (last === undefined || last.version !== version || last.host === host) return [];
  return [{ ...open, reason: 'two hosts were told with the same version of the row' }];
}

/** Forgets the one told longest ago when there are too many. */
function remember(places: Places, element: ElementKey, place: ToldPlace): void {
  places.delete(element);
  places.set(element, place);
  const [oldest] = places.keys();
  if (places.size > REMEMBERED && oldest !== undefined) places.delete(oldest);
}
