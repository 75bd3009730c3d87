import type { Clock } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Cause, Fact, Value } from '../../model/fact.ts';
import { Undecodable, type UndecodableReason } from '../../streams/decode/undecodable.ts';
import type { Content } from '../../streams/decoded.ts';

/** The bodies of a batch, one after the other, and where each ends; the present to decode them by, in µs since 1970. */
export interface Bodies {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
  readonly now: number;
}

/** What tells nothing: its event, and its publisher where it took decoding to know that. */
type Silent = readonly [event: string, publisher: string];
/** What tells something: clocks once each, facts by the place of their clock. */
type Told = readonly [
  ...[event: string, publisher: string, cut: boolean, element: ElementKey, id: string, time: number],
  ...[clocks: readonly Clock[], facts: readonly (readonly [register: string, clock: number, value: Value])[]],
];
interface Refused {
  readonly reason: UndecodableReason;
  readonly detail: string;
}

/**
 * What bodies tell, as text: that passes between threads faster than objects do, and weighs a fraction of the bodies. The
 * facts of a body are all of one element and cause.
 */
export function writeContents(contents: readonly (Content | Undecodable)[]): string {
  return JSON.stringify(contents.map(rowOf));
}

/** Reads what {@link writeContents} wrote. */
export function readContents(text: string): (Content | Undecodable)[] {
  return (JSON.parse(text) as (Silent | Told | Refused)[]).map(contentOf);
}

function rowOf(content: Content | Undecodable): Silent | Told | Refused {
  if (content instanceof Undecodable) return { reason: content.reason, detail: content.message };
  const { event, publisher, cut, facts } = content;
  const [first] = facts;
  if (first === undefined) return [event, publisher];
  const { element, cause } = first;
  const clocks = [...new Set(facts.map(({ clock }) => clock))];
  const told = facts.map(({ register, clock, value = null }) => [register, clocks.indexOf(clock), value] as const);
  return [event, publisher, cut, element, cause.id, cause.time, clocks, told];
}

function contentOf(row: Silent | Told | Refused): Content | Undecodable {
  if ('reason' in row) return new Undecodable(row.reason, row.detail);
  if (row.length === 2) return { event: row[0], publisher: row[1], facts: [], cut: false };
  const [event, publisher, cut, element, id, time, clocks, told] = row;
  const cause: Cause = { event, id, publisher, time };
  const facts: Fact[] = told.map(([register, clock, value]) => {
    return { element, register, clock: clocks[clock] ?? '', value, cause };
  });
  return { event, publisher, facts, cut };
}
