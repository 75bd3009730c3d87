import { clockTime, makeClock } from '../../clock.ts';
import type { ElementKey } from '../../element.ts';
import type { Cause, Fact, Value } from '../../fact.ts';
import { foldFacts } from '../../join.ts';
import type { Revision } from '../../revision.ts';
import type { Change } from '../../store.ts';

/**
 * The texts that go to Redis and come back. join.lua tells their lines: names, stamps (a clock and the cause behind it) and
 * values. Values and causes are JSON, which holds no control characters; in names they are escaped, so that newlines and
 * tabs part things without a doubt. Texts, because both ends take them apart faster than anything else.
 */

/** How many characters of a stamp are its clock. */
export const CLOCK_LENGTH = makeClock({ updatedAt: 0, tier: 0, time: 0, tie: '00000000' }).length;

/** A call that is larger would keep Redis from its other clients for more than some milliseconds. */
const MAX_BATCH_FACTS = 1_000;
const MAX_BATCH_CHARACTERS = 256 * 1024;
/** An element that is told more registers at once is told them in parts, as Lua cannot pass more to one command. */
const MAX_PART_FACTS = 1_000;

/** What one call of join.lua is given. */
export interface Batch {
  readonly text: string;
  readonly facts: number;
}

/** Packs facts, folded, into batches of bounded size; all that concerns one element is in one batch. */
export function packFacts(facts: readonly Fact[]): Batch[] {
  const batches: Batch[] = [];
  let [text, count] = ['', 0];
  for (const [element, told] of foldFacts(facts)) {
    const packed = packElement(element, told);
    const full = count + told.length > MAX_BATCH_FACTS || text.length + packed.length > MAX_BATCH_CHARACTERS;
    if (full && count > 0) {
      batches.push({ text, facts: count });
      [text, count] = ['', 0];
    }
    text += packed;
    count += told.length;
  }
  if (count > 0) batches.push({ text, facts: count });
  return batches;
}

/** Packs the elements to forget. */
export function packForgotten(elements: readonly ElementKey[]): Batch[] {
  const batches: Batch[] = [];
  for (let i = 0; i < elements.length; i += MAX_BATCH_FACTS) {
    const part = elements.slice(i, i + MAX_BATCH_FACTS);
    batches.push({ text: part.map((element) => `${packName(element)}\n0\n`).join(''), facts: 0 });
  }
  return batches;
}

/** Facts of one element that share a stamp. */
interface Group {
  names: string;
  values: string;
}

function packElement(element: ElementKey, facts: readonly Fact[]): string {
  if (facts.length > MAX_PART_FACTS) {
    return packElement(element, facts.slice(0, MAX_PART_FACTS)) + packElement(element, facts.slice(MAX_PART_FACTS));
  }
  const groups = new Map<string, Group>();
  let last: Fact | undefined;
  let group: Group = { names: '', values: '' };
  for (const fact of facts) {
    if (fact.clock !== last?.clock || fact.cause !== last.cause) {
      const stamp = packStamp(fact);
      group = groups.get(stamp) ?? { names: '', values: '' };
      groups.set(stamp, group);
    }
    group.names += `${packName(fact.register)}\t`;
    group.values += `${packValue(fact)}\n`;
    last = fact;
  }
  let text = `${packName(element)}\n${groups.size}\n`;
  for (const [stamp, { names, values }] of groups) text += `${stamp}\n${names}\n${values}`;
  return text;
}

function packStamp({ clock, cause }: Fact): string {
  if (clock.length !== CLOCK_LENGTH) throw new TypeError(`not a clock: ${clock}`);
  const { event, id, publisher, time } = cause;
  return clock + JSON.stringify(time === clockTime(clock) ? [event, id, publisher] : [event, id, publisher, time]);
}

function packValue({ element, register, value }: Fact): string {
  if (value === undefined) throw new TypeError(`a fact about ${register} of ${element} has no value`);
  return JSON.stringify(value);
}

/** What must not be in a name as it is: what parts names, what UTF-8 cannot say, and the sign of the escape. */
const UNSAFE = /[%\p{Cc}\p{Cs}]/gu;

/** An element's or a register's name, safe in a line. */
export function packName(name: string): string {
  if (name.search(UNSAFE) < 0) return name;
  return name.replace(UNSAFE, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function unpackName(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Reads a packed change. */
export function unpackChange(revision: Revision, text: string): Change {
  const lines = text.split('\n');
  const element = unpackName(line(lines, 0)) as ElementKey;
  const facts: Fact[] = [];
  let at = 2;
  while (at < lines.length - 1) {
    const { clock, cause } = unpackStamp(line(lines, at));
    const names = line(lines, at + 1).split('\t');
    at += 2;
    for (let i = 0; i < names.length - 1; i++) {
      const value = line(lines, at++);
      facts.push({ element, register: unpackName(line(names, i)), clock, value: unpackValue(value), cause });
    }
  }
  return { revision, element, facts, previous: line(lines, 1) === '' ? null : (line(lines, 1) as Revision) };
}

function unpackStamp(text: string): { clock: string; cause: Cause } {
  const clock = text.slice(0, CLOCK_LENGTH);
  const [event, id, publisher, time] = JSON.parse(text.slice(CLOCK_LENGTH)) as [string, string, string, number?];
  return { clock, cause: { event, id, publisher, time: time ?? clockTime(clock) } };
}

function unpackValue(text: string): Value | undefined {
  return text === '' ? undefined : (JSON.parse(text) as Value);
}

function line(lines: readonly string[], index: number): string {
  const found = lines[index];
  if (found === undefined) throw new RangeError(`a packed change ends in line ${index}: ${lines[0]}`);
  return found;
}
